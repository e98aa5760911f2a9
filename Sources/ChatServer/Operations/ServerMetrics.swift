internal import ChatProtocol
internal import ChatServerCore

/// What a server counts while it runs: plain numbers, on the hub's event loop.
///
/// What concerns all receivers of a message is one addition for all of them.
struct ServerMetrics {
    /// Connections that were taken.
    var connections = 0
    /// Logins that were accepted.
    var logins = 0
    /// Chat messages that are stored.
    var messages = 0
    /// How long the store took for a batch, from being given it to its answer.
    var commitSeconds = Histogram(bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    /// Batches and pages that the store failed to write or read.
    var storeFailures = 0
    /// Logins and connections that were refused.
    private(set) var refusals: [Refusal: Int] = [:]
    /// How connections ended.
    private(set) var endings: [LossReason: Int] = [:]

    /// Counts a login or connection that was refused.
    mutating func count(_ refusal: Refusal) {
        refusals[refusal, default: 0] += 1
    }

    /// Counts an end.
    mutating func count(_ ending: LossReason) {
        endings[ending, default: 0] += 1
    }
}

extension Response {
    /// Whether it is a chat message.
    var isChat: Bool {
        if case .chat = body { true } else { false }
    }
}

extension HistoryRecord {
    /// Whether it is a chat message.
    var isChat: Bool {
        if case .chat = content { true } else { false }
    }
}
