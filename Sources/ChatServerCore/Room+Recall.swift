internal import ChatProtocol

extension Room {
    /// Loads messages from before the server started.
    ///
    /// If the server went down before it could answer a message, this way it recognizes the message when it is sent
    /// again.
    ///
    /// - Parameter records: Messages that carry a tag, oldest first.
    public mutating func recall(_ records: [HistoryRecord]) {
        for record in records {
            guard case .chat(let message) = record.content, let nonce = record.nonce else { continue }
            let request = ChatRequest(recipient: message.recipient, text: message.text)
            let entry = NonceTable.Entry(
                id: record.id,
                moment: record.moment,
                sender: message.sender,
                recipient: message.recipient,
                color: message.color,
                fingerprint: NonceTable.fingerprint(of: request)
            )
            _ = nonces.insert(entry, for: nonce)
        }
    }
}
