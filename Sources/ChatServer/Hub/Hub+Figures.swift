internal import ChatProtocol
internal import ChatServerCore

/// The figures for the operator's endpoint.
extension Hub {
    /// The current figures.
    func figures() -> [Metric] {
        let framed = audience.framedCount
        var queued = 0
        var longest = 0
        for connection in audience.stragglers {
            let waiting = audience.waitingBytes(for: connection)
            queued += waiting
            longest = max(longest, waiting)
        }
        return [
            Metric(
                "chat_connections",
                help: "Open connections.",
                kind: .gauge,
                samples: [
                    sample(["state": "greeting"], connections.count - framed - audience.unframed.count),
                    sample(["state": "online", "framing": "netstring"], framed),
                    sample(["state": "online", "framing": "none"], audience.unframed.count),
                ]
            ),
            counter("chat_connections_accepted_total", "Connections that were taken.", metrics.connections),
            counter("chat_logins_total", "Logins that were accepted.", metrics.logins),
            counter("chat_messages_total", "Chat messages that were stored.", metrics.messages),
            counter(
                "chat_deliveries_total",
                "Chat messages handed to connections, those of the history included.",
                audience.deliveries
            ),
            counter("chat_sent_bytes_total", "Bytes handed to connections.", audience.bytes),
            gauge("chat_queue_bytes", "Bytes that wait for framed clients, all together.", queued),
            gauge("chat_queue_longest_bytes", "Bytes that wait for the framed client furthest behind.", longest),
            gauge(
                "chat_log_bytes",
                "Bytes of memory for what framed clients still have to get.",
                audience.log.keptBytes
            ),
            gauge("chat_store_waiting_records", "Records that wait for the store.", storeQueue.count),
            Metric(
                "chat_commit_seconds",
                help: "Time that the store took for a batch.",
                kind: .histogram,
                samples: metrics.commitSeconds.samples
            ),
            counter("chat_store_failures_total", "Batches or pages that the store failed at.", metrics.storeFailures),
            Metric(
                "chat_refusals_total",
                help: "Logins and connections that were refused.",
                kind: .counter,
                samples: Refusal.counted.map { sample(["reason": $0.label], metrics.refusals[$0] ?? 0) }
            ),
            counter(
                "chat_refusals_untold_total",
                "Refused connections that were closed without a word.",
                metrics.untoldRefusals
            ),
            Metric(
                "chat_connections_ended_total",
                help: "Connections that ended.",
                kind: .counter,
                samples: LossReason.allCases.map { sample(["reason": $0.rawValue], metrics.endings[$0] ?? 0) }
            ),
        ]
    }

    /// Why no new users should be sent here now; nil if everything is well.
    var notReadyReason: String? {
        guard case .serving = lifetime else { return "the server is closing" }
        return storeQueue.fault.map { "messages can't be stored: \($0.reason)" }
    }

    private func sample(_ labels: KeyValuePairs<String, String>, _ value: Int) -> Metric.Sample {
        Metric.Sample(labels: labels.map { Metric.Label($0.key, $0.value) }, value: Double(value))
    }

    private func counter(_ name: String, _ help: String, _ value: Int) -> Metric {
        Metric(name, help: help, kind: .counter, value: Double(value))
    }

    private func gauge(_ name: String, _ help: String, _ value: Int) -> Metric {
        Metric(name, help: help, kind: .gauge, value: Double(value))
    }
}

extension Refusal {
    /// The refusals of logins and connections, which are listed from the start, with 0.
    fileprivate static let counted: [Refusal] = [
        .nicknameInUse, .nicknameInvalid, .nicknameLookalike, .passwordMissing, .passwordWrong, .banned,
        .encryptionRequired, .busy, .throttled, .closing, .malformed, .unexpected, .serverFull, .addressFull, .tooFast,
    ]

    fileprivate var label: String { rawValue.replacing("-", with: "_") }
}
