internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// What the room wants done.
extension Hub {
    /// Whether more waits for the store than is good.
    var isStoreBehind: Bool {
        unstored.count >= limits.waitingRecords || unstoredBytes >= limits.waitingRecordBytes
    }

    /// Does what the room wants done, in order, until it wants nothing more now.
    func carryOutEffects() {
        while !effects.isEmpty {
            var batch: [RoomEffect] = []
            swap(&batch, &effects)
            for effect in batch { carryOut(effect) }
            // The same memory is used for the next batch.
            if effects.isEmpty {
                batch.removeAll(keepingCapacity: batch.capacity <= 4096)
                swap(&batch, &effects)
            }
            storeBatch()
        }
    }

    private func carryOut(_ effect: RoomEffect) {
        switch effect {
        case .broadcast(let broadcast):
            carryOut(broadcast)
        case .store(let record):
            unstored.append(record)
            unstoredBytes += record.textBytes
        case .send(let response, let id):
            guard let connection = connections[id] else { return }
            send(response, to: connection)
        case .sendAlike(let response, let ids):
            sendAlike(response, to: ids)
        case .admit(let id, let response, let framing):
            guard let connection = connections[id] else { return }
            admit(connection, response, framing)
        case .close(let id):
            guard let connection = connections[id] else { return }
            report(connection, .requested)
            leave(connection)
        case .fetchHistory(let id, let query, let viewer):
            fetchHistory(for: id, query, viewer: viewer)
        case .verify(let id, let account, let password):
            let presence = connections[id]?.presence
            accounts.verify(
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
        case .changeAccount(let id, let account, let nickname, let password):
            accounts.change(account, nickname: nickname, password: password, completion: accountChanged(id))
        case .register(let id, let nickname, let password):
            accounts.register(nickname, password: password, completion: accountChanged(id))
        case .changeBans(let change):
            bans.change(
                change,
                completion: onLoop { hub, result in
                    if case .failure(let error) = result {
                        hub.logger.error("a ban was not stored", metadata: ["reason": "\(error.reason)"])
                    }
                    hub.tell(.bansStored((try? result.get()) != nil))
                }
            )
        case .probe(let id):
            guard let connection = connections[id] else { return }
            probe(connection)
        case .audit(let entry):
            audit(entry)
        }
    }

    // MARK: - Responses

    /// Sends a response to one connection, after everything sent so far.
    func send(_ response: Response, to connection: Connection) {
        guard !connection.isLeaving else { return }
        if response.isChat { metrics.deliveries += 1 }
        guard connection.framing == .netstring else {
            let messages = response.unframedMessages(isBroadcast: false)
            metrics.count(messages, receivers: 1)
            connection.handler?.send(messages)
            countBytes(of: connection)
            return
        }
        fallBehind(connection)
        encode(response)
        connection.output.append(netstring: scratch, to: log)
        countBytes(of: connection)
        if connection.output.waitingBytes(in: log) > limits.hardOutputBytes { lose(connection, .tooSlow) }
        mark(connection)
    }

    /// Sends a long response to several framed connections, which share its bytes:
    /// when a thousand come back at once, each gets a list of all.
    private func sendAlike(_ response: Response, to ids: [ConnectionID]) {
        encode(response)
        var frame: [UInt8] = []
        Netstring.encode(scratch, into: &frame)
        let bytes = ByteBuffer(bytes: frame)
        for id in ids {
            guard let connection = connections[id], connection.framing == .netstring, !connection.isLeaving else {
                continue
            }
            fallBehind(connection)
            connection.output.append(shared: bytes, to: log)
            if connection.output.waitingBytes(in: log) > limits.hardOutputBytes { lose(connection, .tooSlow) }
            mark(connection)
        }
    }

    private func admit(_ connection: Connection, _ response: Response, _ framing: Framing) {
        guard connection.framing == nil, !connection.isLeaving, let handler = connection.handler else { return }
        connection.framing = framing
        handler.endProbation()
        let messages = response.unframedMessages(isBroadcast: false)
        switch framing {
        case .none:
            connection.place = .unframed(unframed.count)
            unframed.append(connection)
            handler.send(messages)
        case .netstring:
            connection.place = .straggling(stragglers.count)
            stragglers.append(connection)
            connection.output = FramedOutput(from: log.end)
            for agreement in messages.prefix(1) { handler.beginFraming(after: agreement) }
        }
    }

    private func carryOut(_ broadcast: Broadcast) {
        let special = broadcast.variation.flatMap { connections[$0.connection] }
        if broadcast.response.isChat { countDeliveries(of: broadcast, special) }
        if broadcast.audience != .unframed, !(keepingUp.members.isEmpty && stragglers.isEmpty) {
            let start = log.end
            encode(broadcast.response)
            log.append(netstring: scratch)
            if let special, special.framing == .netstring {
                fallBehind(special)
                special.output.skip(from: start, to: log)
            }
        }
        if broadcast.audience != .framed, !unframed.isEmpty {
            let messages = broadcast.response.unframedMessages(isBroadcast: true)
            metrics.count(messages, receivers: unframed.count)
            for connection in unframed where connection !== special && !connection.isLeaving {
                connection.handler?.send(messages)
            }
            hasUnframedNews = true
        }
        if let special, let own = broadcast.variation?.response, broadcast.isFor(special) {
            send(own, to: special)
        }
    }

    /// One addition for all receivers; the one who gets something of its own is
    /// counted with that.
    private func countDeliveries(of broadcast: Broadcast, _ special: Connection?) {
        if broadcast.audience != .unframed { metrics.deliveries += keepingUp.members.count + stragglers.count }
        if broadcast.audience != .framed { metrics.deliveries += unframed.count }
        if let special, broadcast.isFor(special) { metrics.deliveries -= 1 }
    }

    private func encode(_ response: Response) {
        scratch.removeAll(keepingCapacity: scratch.capacity <= 1 << 20)
        response.encode(into: &scratch, framing: .netstring)
    }

    // MARK: - Stores

    private func storeBatch() {
        guard !isStoring, !pacing.isWaiting, !unstored.isEmpty else { return }
        guard eventLoop.now >= pacing.end else {
            pacing.isWaiting = true
            eventLoop.assumeIsolated().scheduleTask(deadline: pacing.end) {
                self.pacing.isWaiting = false
                self.storeBatch()
            }
            return
        }
        isStoring = true
        let batch = unstored
        unstored = []
        unstoredBytes = 0
        let count = batch.count
        let chats = batch.count { $0.isChat }
        let start = eventLoop.now
        messages.append(
            batch,
            completion: onLoop { hub, result in
                hub.metrics.commitSeconds.observe(Double((hub.eventLoop.now - start).nanoseconds) / 1e9)
                hub.stored(count, chats, result)
            }
        )
    }

    private func stored(_ count: Int, _ chats: Int, _ result: Result<Void, StoreError>) {
        isStoring = false
        let waiting = waitingForStore
        waitingForStore = []
        for connection in waiting { mark(connection) }
        switch result {
        case .success:
            metrics.messages += chats
            storeFault = nil
            tell(.stored(count: count))
        case .failure(let error):
            metrics.storeFailures += 1
            storeFault = (error.reason, now)
            logger.error("messages could not be stored", metadata: ["count": "\(count)", "reason": "\(error.reason)"])
            tell(.storeFailed(count: count))
        }
    }

    private func fetchHistory(for id: ConnectionID, _ query: HistoryQuery, viewer: Identity) {
        // The pages that one client may have under way fit into what may wait
        // for it, or the server would close it for what it was given.
        let limit = min(limits.historyPageBytes, limits.hardOutputBytes / 8)
        let answer = onLoop { (hub: Hub, result: Result<HistoryPage, StoreError>) in
            switch result {
            case .success(let page):
                hub.tell(.history(id, page.records, more: page.more))
            case .failure(let error):
                hub.metrics.storeFailures += 1
                hub.logger.error("the history could not be read", metadata: ["reason": "\(error.reason)"])
                hub.tell(.historyFailed(id))
            }
        }
        messages.history(query, viewer: viewer) { result in
            // On the store's thread: what is cut off is neither brought to the
            // event loop, which serves everybody, nor freed there.
            answer(result.map { $0.trimmed(toTextBytes: limit, isForward: query.since != nil) })
        }
    }

    private func accountChanged(_ id: ConnectionID) -> @Sendable (Result<Account, StoreError>) -> Void {
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

    /// Brings a store's answer back to the hub's event loop.
    private func onLoop<Answer: Sendable>(
        _ body: @escaping @Sendable (Hub, Answer) -> Void
    ) -> @Sendable (Answer) -> Void {
        let hub = NIOLoopBound(self, eventLoop: eventLoop)
        return { [eventLoop] answer in
            if eventLoop.inEventLoop {
                body(hub.value, answer)
            } else {
                eventLoop.execute { body(hub.value, answer) }
            }
        }
    }
}

extension Broadcast {
    fileprivate func isFor(_ connection: Connection) -> Bool {
        switch (audience, connection.framing) {
        case (_, nil): false
        case (.everyone, _), (.framed, .netstring), (.unframed, .none?): true
        case (.framed, .none?), (.unframed, .netstring): false
        }
    }
}
