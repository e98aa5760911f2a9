internal import ChatProtocol
internal import NIOCore

/// One message to a peer that takes one read for one message.
struct PacedMessage: Hashable, Sendable {
    /// What a message is, as far as the queue cares.
    enum Kind: Hashable, Sendable {
        /// Something that everybody gets.
        case broadcast
        /// Something that this peer alone asked for or brought about.
        case answer
        /// A user list for everybody: only the newest matters.
        case userList
        /// A user list that this peer asked for: it keeps its place among the answers.
        case requestedList
    }

    /// A text that others of the same kind can be put together with.
    struct Chat: Hashable, Sendable {
        /// Whose text it is, for whom, and in which color: texts in one message
        /// have all of that in common.
        struct Thread: Hashable, Sendable {
            var sender: String
            var recipient: String
            var color: String
        }

        var thread: Thread
        /// When it was said, Unix time in milliseconds.
        var moment: Int64
        /// The index in the message's bytes at which the text starts.
        var textStart: Int
    }

    /// The message's bytes.
    private(set) var bytes: ByteBuffer
    /// What it is.
    let kind: Kind
    /// The numbers of the records in it.
    private(set) var records: [MessageID]
    /// What is known of its text, where it is a CHATR.
    private(set) var chat: Chat?
    /// Where it is an INFO, whom it is about: by their old and new nicknames.
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

    /// Appends the text of a later message on a line of its own.
    ///
    /// - Returns: Whether that was possible: both are of one thread and were said
    ///   at nearly the same time, and together they fit into one message.
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

    /// Cuts a text that is longer than a number of bytes, which it then says.
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
