internal import ChatProtocol
internal import ChatSession

@testable internal import ChatClient

/// What became of an attempt to connect.
struct Settled: Hashable {
    var channel: SessionEvent.Channel?
    var distrust: String?
    var failure: String?
    var notices: [String] = []
}

extension TestedClient {
    /// Waits until the client is in the chat, or knows why not.
    mutating func untilSettled() async throws -> Settled {
        var settled = Settled()
        return try await wait { update in
            switch update {
            case .notice(let text, _): settled.notices.append(text.text)
            case .status(.online(let channel, _, _)):
                settled.channel = channel
                return settled
            case .status(.distrusted(let reason)):
                settled.distrust = reason
                return settled
            case .status(.waiting(let reason, _, _)):
                settled.failure = reason
                return settled
            default: break
            }
            return nil
        }
    }
}
