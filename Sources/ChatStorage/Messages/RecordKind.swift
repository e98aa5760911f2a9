/// The tables that records are kept in.
enum RecordKind: String, CaseIterable {
    /// What was said to everyone.
    case message
    /// What was said in private.
    case privateMessage = "private_message"
    /// Who came and went.
    case info

    /// The columns that a record is read from, in the order in which
    /// `RecordReader` takes them.
    var columns: String {
        switch self {
        case .message:
            "id, at, utc_offset, sender, recipient, color, text, nonce, nonce_account, nonce_guest"
        case .privateMessage:
            "id, at, utc_offset, sender, recipient, color, text, nonce, nonce_account, nonce_guest, "
                + "first_run, first_owner, second_run, second_owner"
        case .info:
            "id, at, utc_offset, sender, event, other, color, is_admin, text"
        }
    }

    /// This kind's part of a count.
    var count: WritableKeyPath<RecordCounts, Int64> {
        switch self {
        case .message: \.messages
        case .privateMessage: \.privateMessages
        case .info: \.infos
        }
    }
}
