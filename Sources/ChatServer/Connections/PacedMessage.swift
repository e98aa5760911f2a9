internal import ChatProtocol
internal import NIOCore

/// One response to a peer that treats each read as one message.
///
/// Connections share it, so it never changes.
final class PacedMessage: Sendable {
    /// The kind of message, as far as it matters to the queue.
    enum Kind: Hashable, Sendable {
        /// A message that everybody gets.
        case broadcast
        /// A message from somebody to this peer alone.
        case direct
        /// A message that this peer asked for or caused.
        case answer
        /// A user list for everybody; only the newest matters.
        case userList
        /// A user list that this peer asked for; it keeps its place among the answers.
        case requestedList
    }

    /// What is written when there is time for it: each part in one write, none longer than the peer can read.
    let parts: [ByteBuffer]
    /// The kind of message.
    let kind: Kind
    /// The response; nil if it can't be put together with others.
    let response: Response?

    /// Creates a message of bytes that are written as they are.
    init(_ bytes: ByteBuffer, kind: Kind) {
        parts = [bytes]
        self.kind = kind
        response = nil
    }

    /// Creates a message; a user list for everybody and one that was asked for become their own kinds.
    init(_ response: Response, kind: Kind = .answer) {
        parts = response.unframedParts().map { part in
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: .none)
            return ByteBuffer(bytes: bytes)
        }
        switch response.body {
        case .users:
            self.kind = kind == .broadcast ? .userList : .requestedList
            self.response = nil
        case .chat, .info:
            self.kind = kind
            self.response = response
        default:
            self.kind = kind
            self.response = nil
        }
    }

    /// How many bytes it is.
    var byteCount: Int { parts.reduce(0) { $0 + $1.readableBytes } }

    /// Whether it can be left out if too much waits; what the peer asked for never is.
    var mayBeLeftOut: Bool { response != nil && (kind == .broadcast || kind == .direct) }

    /// The number of its record.
    var record: MessageID? {
        switch response?.body {
        case .chat(let chat): chat.id
        case .info(let info): info.id
        default: nil
        }
    }

    /// The text; nil if it is no CHATR.
    var chat: ChatMessage? {
        if case .chat(let chat) = response?.body { chat } else { nil }
    }

    /// The news about a user; nil if it is no INFO.
    var info: Info? {
        if case .info(let info) = response?.body { info } else { nil }
    }
}

extension ChatMessage {
    /// Whether two texts have sender, recipient and color in common, so that one message can hold both.
    func isOfSameThread(as other: ChatMessage) -> Bool {
        sender == other.sender && recipient == other.recipient && color == other.color
    }

    /// The text behind its sender, for a message that holds what several people said.
    ///
    /// Its further lines are indented: nobody can make a line that looks like somebody else's.
    func line(maximumTextBytes: Int) -> String {
        var text = text
        if text.utf8.count > maximumTextBytes {
            text = (TextSplitting.split(text, maximumBytes: maximumTextBytes).first ?? "") + "… [cut]"
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\n  ")
        return switch recipient {
        case .everyone: "\(sender): \(lines)"
        case .user(let name): "\(sender) -> \(name): \(lines)"
        }
    }
}

extension Info {
    /// Whether it is about a nickname, as an old one or a new one.
    func isAbout(_ nickname: String) -> Bool {
        if sender == nickname { return true }
        return switch event {
        case .update(let previous, _, _)?: previous == nickname
        case .kick(let user)?: user == nickname
        case .join?, .leave?, nil: false
        }
    }
}
