internal import ChatProtocol
internal import ChatServerCore

/// The counters of a running server: plain numbers, on the hub's event loop.
///
/// A message to many receivers takes one addition, not one for each receiver.
struct ServerMetrics {
    /// How many connections were accepted.
    var connections = 0
    /// How many logins were accepted.
    var logins = 0
    /// How many chat messages were stored.
    var messages = 0
    /// How long the store took for a batch, from getting it to answering.
    var commitSeconds = Histogram(bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    /// How many batches and pages the store failed to write or read.
    var storeFailures = 0
    /// How many logins and connections were refused, by reason.
    private(set) var refusals: [Refusal: Int] = [:]
    /// How many of the refused connections were closed without a word, because there were too many at once.
    var untoldRefusals = 0
    /// How many connections ended, by reason.
    private(set) var endings: [LossReason: Int] = [:]

    /// Counts a login or connection that was refused.
    mutating func count(_ refusal: Refusal) {
        refusals[refusal, default: 0] += 1
    }

    /// Counts the end of a connection.
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
