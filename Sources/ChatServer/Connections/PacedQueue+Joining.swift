internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// Several waiting messages in one, for a peer that is told more than it can take one by one.
extension PacedQueue {
    /// From this delay on, texts of one sender are one CHATR, and news of people are one INFO.
    static let joining = TimeAmount.milliseconds(500)
    /// From this delay on, texts and news of all are one INFO, with the senders before their texts.
    static let mixing = TimeAmount.milliseconds(1500)
    /// From this delay on, long texts in such an INFO are cut.
    static let cutting = TimeAmount.milliseconds(2500)
    /// If more bytes wait, long texts are cut as soon as texts are mixed: that much can be written in two seconds.
    static let cuttingBytes = 81_920
    /// How many bytes of a long text are kept when it is cut.
    static let cutTextBytes = 160
    /// How far apart, in milliseconds, the messages in one may be: it shows only one time.
    static let joinedMilliseconds: Int64 = 5000
    /// How many waiting messages are looked at for one.
    private static let lookahead = 512

    /// Removes the oldest messages that fit into one, and returns that.
    ///
    /// - Returns: Nil if the oldest message is written as it is.
    mutating func takeJoined(at now: NIODeadline) -> ByteBuffer? {
        guard let first = entries.first, first.writtenParts == 0, let response = first.message.response else {
            return nil
        }
        let delay = now - first.since
        if first.leftOut > 0 || delay >= Self.mixing {
            return takeMixed(response, isCut: delay >= Self.cutting || waitingBytes > Self.cuttingBytes)
        }
        guard delay >= Self.joining else { return nil }
        guard let chat = first.message.chat else { return takeMixed(response, isCut: false, isNewsOnly: true) }
        return takeThread(chat, response, first.message.kind)
    }

    /// The texts of one sender to one recipient, a line each.
    ///
    /// None overtakes news about its sender: the nickname may have been somebody else's before.
    private mutating func takeThread(
        _ chat: ChatMessage,
        _ response: Response,
        _ kind: PacedMessage.Kind
    ) -> ByteBuffer? {
        let empty = ChatMessage(sender: chat.sender, recipient: chat.recipient, color: chat.color, text: "")
        var batch = Batch(Response(time: response.time, at: response.at, body: .chat(empty)))
        for index in entries.indices.prefix(Self.lookahead) {
            let entry = entries[index]
            if entry.leftOut > 0 || entry.message.info?.isAbout(chat.sender) == true { break }
            guard entry.message.kind == kind, let other = entry.message.chat, other.isOfSameThread(as: chat) else {
                continue
            }
            guard batch.add(other.text, of: index, entry.message.response) else { break }
        }
        return take(batch)
    }

    /// Texts and news in their order.
    ///
    /// A user list stays for the next write: it says how things are then.
    private mutating func takeMixed(_ response: Response, isCut: Bool, isNewsOnly: Bool = false) -> ByteBuffer? {
        let sender = entries[0].message.chat?.sender ?? entries[0].message.info?.sender ?? ""
        let empty = Info(sender: sender, text: "")
        var batch = Batch(Response(time: response.time, at: response.at, body: .info(empty)))
        for index in entries.indices.prefix(Self.lookahead) where entries[index].message.kind != .userList {
            let entry = entries[index]
            guard entry.writtenParts == 0, !isNewsOnly || entry.leftOut > 0 || entry.message.info != nil,
                let line = entry.line(isCut: isCut), batch.add(line, of: index, entry.message.response)
            else { break }
        }
        // One text alone keeps its color, unless it has to be cut.
        if batch.indices.count == 1, !isCut, entries[0].leftOut == 0 { return nil }
        return take(batch)
    }

    private mutating func take(_ batch: Batch) -> ByteBuffer? {
        guard !batch.indices.isEmpty else { return nil }
        for index in batch.indices.reversed() { remove(at: index) }
        return batch.bytes
    }
}

extension PacedQueue.Entry {
    /// The line for a message that holds several; nil if it can't be part of one.
    fileprivate func line(isCut: Bool) -> String? {
        if leftOut > 0 {
            let what = leftOut == 1 ? "1 message was left out" : "\(leftOut) messages were left out"
            return "[\(what): more is said here than your client can take. Refresh to see the last.]"
        }
        return message.chat?.line(maximumTextBytes: isCut ? PacedQueue.cutTextBytes : .max) ?? message.info?.text
    }
}

/// A message that is put together of several.
private struct Batch {
    private(set) var bytes: ByteBuffer
    /// The indices of the messages in it.
    private(set) var indices: [Int] = []
    private let moment: Int64

    /// Starts with the header of a response without text.
    init(_ empty: Response) {
        var header: [UInt8] = []
        empty.encode(into: &header, framing: .none)
        bytes = ByteBuffer(bytes: header)
        moment = empty.at ?? 0
    }

    /// Adds a line.
    ///
    /// - Returns: Whether it was possible: it fits, and is of nearly the same time.
    mutating func add(_ line: String, of index: Int, _ response: Response?) -> Bool {
        let distance = (response?.at ?? 0) &- moment
        guard distance.magnitude <= PacedQueue.joinedMilliseconds,
            bytes.readableBytes + 1 + line.utf8.count <= Limits.unframedMessageBytes
        else { return false }
        if !indices.isEmpty { bytes.writeInteger(UInt8(ascii: "\n")) }
        bytes.writeString(line)
        indices.append(index)
        return true
    }
}
