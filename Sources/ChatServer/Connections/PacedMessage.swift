internal import ChatProtocol
internal import NIOCore

/// One message to a peer that treats each read as one message.
struct PacedMessage: Hashable, Sendable {
    /// The kind of message, as far as it matters to the queue.
    enum Kind: Hashable, Sendable {
        /// A message that everybody gets.
        case broadcast
        /// A message that this peer alone asked for or caused.
        case answer
        /// A user list for everybody; only the newest matters.
        case userList
        /// A user list that this peer asked for; it keeps its place among the answers.
        case requestedList
    }

    /// A text that can be joined with others of the same thread.
    struct Chat: Hashable, Sendable {
        /// The sender, recipient and color of a text; texts in one message have all of them in common.
        struct Thread: Hashable, Sendable {
            var sender: String
            var recipient: String
            var color: String
        }

        var thread: Thread
        /// The time of the text, Unix time in milliseconds.
        var moment: Int64
        /// The index of the text's first byte within the message.
        var textStart: Int
    }

    /// The message's bytes.
    private(set) var bytes: ByteBuffer
    /// The kind of message.
    let kind: Kind
    /// The numbers of the records in it.
    private(set) var records: [MessageID]
    /// What is known about the text, if it is a CHATR.
    private(set) var chat: Chat?
    /// The old and new nicknames of the user it is about, if it is an INFO.
    let subjects: [String]

    /// Creates a message.
    init(
        _ bytes: ByteBuffer,
        kind: Kind,
        records: [MessageID] = [],
        chat: Chat? = nil,
        subjects: [String] = []
    ) {
        self.bytes = bytes
        self.kind = kind
        self.records = records
        self.chat = chat
        self.subjects = subjects
    }

    /// Appends the text of a later message on a separate line.
    ///
    /// - Returns: Whether that was possible: both belong to one thread, were said at nearly the same time, and fit into
    ///   one message together.
    mutating func append(_ later: PacedMessage, within milliseconds: Int64) -> Bool {
        guard let chat, let other = later.chat, chat.thread == other.thread, kind == later.kind,
            other.moment - chat.moment <= milliseconds
        else { return false }
        let text = later.bytes.readableBytesView.dropFirst(other.textStart)
        guard bytes.readableBytes + 1 + text.count <= Limits.unframedMessageBytes else { return false }
        bytes.writeInteger(UInt8(ascii: "\n"))
        bytes.writeBytes(text)
        records += later.records
        return true
    }

    /// Cuts a text that is longer than a number of bytes, and marks it as cut.
    mutating func shorten(toTextBytes count: Int) {
        guard let chat, bytes.readableBytes - chat.textStart > count else { return }
        let text = String(decoding: bytes.readableBytesView.dropFirst(chat.textStart), as: UTF8.self)
        let start = TextSplitting.split(text, maximumBytes: count).first ?? ""
        var short = ByteBuffer(bytes: bytes.readableBytesView.prefix(chat.textStart))
        short.writeString(start + "… [cut]")
        bytes = short
    }
}

extension Response {
    /// The response as messages for the queue of an original client, in order.
    ///
    /// - Parameter isBroadcast: Whether everybody gets it.
    /// - Returns: At least one message, none longer than the client can read.
    func unframedMessages(isBroadcast: Bool) -> [PacedMessage] {
        unframedParts().map { part in
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: .none)
            return PacedMessage(
                ByteBuffer(bytes: bytes),
                kind: part.kind(isBroadcast: isBroadcast),
                records: part.record.map { [$0] } ?? [],
                chat: part.chat(encodedBytes: bytes.count),
                subjects: part.subjects
            )
        }
    }

    private func kind(isBroadcast: Bool) -> PacedMessage.Kind {
        switch body {
        case .users: isBroadcast ? .userList : .requestedList
        default: isBroadcast ? .broadcast : .answer
        }
    }

    private var record: MessageID? {
        switch body {
        case .chat(let chat): chat.id
        case .info(let info): info.id
        default: nil
        }
    }

    private func chat(encodedBytes count: Int) -> PacedMessage.Chat? {
        guard case .chat(let chat) = body, let at else { return nil }
        return PacedMessage.Chat(
            thread: .init(sender: chat.sender, recipient: chat.recipient.wire, color: chat.color),
            moment: at,
            textStart: count - chat.text.utf8.count
        )
    }

    private var subjects: [String] {
        guard case .info(let info) = body else { return [] }
        return switch info.event {
        case .update(let previous, _, _)?: [info.sender, previous]
        case .kick(let user)?: [info.sender, user]
        case .join?, .leave?, nil: [info.sender]
        }
    }
}
