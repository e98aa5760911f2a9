/// The kinds of records, each with its own table.
enum RecordKind: String, CaseIterable {
    /// Messages to everyone.
    case message
    /// Private messages.
    case privateMessage = "private_message"
    /// Joins, leaves and the like.
    case info

    /// The columns to select for a record, in the order that `RecordReader` expects.
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

    /// Where ``RecordCounts`` counts this kind.
    var count: WritableKeyPath<RecordCounts, Int64> {
        switch self {
        case .message: \.messages
        case .privateMessage: \.privateMessages
        case .info: \.infos
        }
    }
}
