internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// Calls to the stores, whose answers come back later.
extension Hub {
    /// Gives the store its next batch, if there is one and no pause.
    func storeNext() {
        switch storeQueue.next(at: eventLoop.now) {
        case .nothing: break
        case .wait(let moment):
            eventLoop.assumeIsolated().scheduleTask(deadline: moment) {
                self.storeQueue.endWait()
                self.storeNext()
            }
        case .store(let batch):
            let chats = batch.count { $0.isChat }
            let start = eventLoop.now
            stores.messages.append(
                batch,
                completion: onLoop { hub, result in
                    hub.metrics.commitSeconds.observe(Double((hub.eventLoop.now - start).nanoseconds) / 1e9)
                    hub.finishBatch(count: batch.count, chats: chats, result)
                }
            )
        }
    }

    private func finishBatch(count: Int, chats: Int, _ result: Result<Void, StoreError>) {
        switch result {
        case .success:
            metrics.messages += chats
        case .failure(let error):
            metrics.storeFailures += 1
            logger.error("messages could not be stored", metadata: ["count": "\(count)", "reason": "\(error.reason)"])
        }
        for connection in work.waitingForStore.take() { mark(connection) }
        tell(storeQueue.finishBatch(result, at: eventLoop.now))
    }

    func fetchHistory(for id: ConnectionID, _ query: HistoryQuery, viewer: Identity) {
        // All pages that one client may ask for at a time must fit into its bound of waiting output. Otherwise the
        // server would close it for what the server itself sent.
        let limit = min(limits.historyPageBytes, limits.hardOutputBytes / 8)
        if let connection = connections[id], connection.framing == .some(.none) {
            connection.throttle.awaitedPages += 1
        }
        let answer = onLoop { (hub: Hub, result: Result<HistoryPage, StoreError>) in
            if let connection = hub.connections[id], connection.throttle.awaitedPages > 0 {
                connection.throttle.awaitedPages -= 1
                hub.mark(connection)
            }
            switch result {
            case .success(let page):
                hub.tell(.history(id, page.records, more: page.more))
            case .failure(let error):
                hub.metrics.storeFailures += 1
                hub.logger.error("the history could not be read", metadata: ["reason": "\(error.reason)"])
                hub.tell(.historyFailed(id))
            }
        }
        stores.messages.history(query, viewer: viewer) { result in
            // This runs on the store's thread, so that the event loop, which serves everybody, neither gets nor frees
            // the part that is cut off.
            answer(result.map { $0.trimmed(toTextBytes: limit, isForward: query.since != nil) })
        }
    }

    func verify(_ password: String, of account: AccountID, for id: ConnectionID) {
        let presence = connections[id]?.presence
        stores.accounts.verify(
            account,
            password: password,
            isWanted: { presence?.isHere == true },
            completion: onLoop { hub, result in
                switch result {
                case .success(let isCorrect):
                    hub.tell(.verified(id, account, isCorrect: isCorrect))
                case .failure(let error):
                    hub.logger.log(
                        level: presence?.isHere == true ? .notice : .debug,
                        "a password was not checked",
                        metadata: ["reason": "\(error.reason)"]
                    )
                    hub.tell(.verifyFailed(id, account))
                }
            }
        )
    }

    /// The handler for the answer to a change of an account.
    func accountChanged(_ id: ConnectionID) -> @Sendable (Result<Account, StoreError>) -> Void {
        onLoop { hub, result in
            switch result {
            case .success(let account):
                hub.tell(.accountChanged(id, account))
            case .failure(let error):
                hub.logger.notice("an account was not changed", metadata: ["reason": "\(error.reason)"])
                hub.tell(.accountChanged(id, nil))
            }
        }
    }

    func changeBans(_ change: BanChange) {
        stores.bans.change(
            change,
            completion: onLoop { hub, result in
                if case .failure(let error) = result {
                    hub.logger.error("a ban was not stored", metadata: ["reason": "\(error.reason)"])
                }
                hub.tell(.bansStored((try? result.get()) != nil))
            }
        )
    }
}
