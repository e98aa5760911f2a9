internal import ChatProtocol

/// The bounds of the room that no operator needs to change, each with its reason.
enum RoomLimits {
    /// How many REFs of one connection may be under way.
    ///
    /// A client needs one for what it missed and one for what it scrolls to.
    static let refreshesInFlight = 4

    /// How many requests may wait between a CON and its CONVER.
    ///
    /// Clients should send nothing there, so a few are enough.
    static let deferredRequests = 8

    /// How many tags of one user are remembered at least: more than any client's outbox holds.
    static let noncesPerOwner = 256

    /// How many tags are remembered for all users: at least this many, at most twice as many.
    static let nonces = 65_536

    /// How many times a message that waits for the store may be sent again.
    static let repeats = 8

    /// How many records are kept that were published while an unframed client's history was being read.
    static let recentRecords = 256

    /// How many scalars of a bad request the error message repeats.
    static let echoedScalars = 64

    /// The longest reason of a kick in bytes, so that the WARN fits whole into an unframed message.
    static let kickReasonBytes = 1024

    /// How many bans there may be.
    ///
    /// They are few enough to check at every login, and their list fits into one framed response even with the longest
    /// reasons.
    static let bans = 1000

    /// How many bytes of text a list of bans for an unframed client may have.
    ///
    /// Its messages, 50 ms apart, then stay below the number that may wait for a client.
    static let unframedBansBytes = 32_768

    /// How many changes of the bans may wait for the store.
    static let banChanges = 64

    /// How many refusals a connection may get before its login: far more than anybody needs to find the right password.
    static let refusals = 20

    /// After how many seconds this many clients of a closing server may come back.
    ///
    /// Each comes back between then and twice that time, so that no second sees more than 200 of them.
    static func returnSeconds(of count: Int) -> Int { min(1 + count / 200, 60) }

    /// More users than an unframed USER list can ever hold.
    ///
    /// An entry needs at least `;1=ab`.
    static let unframedUsers = Limits.unframedMessageBytes / 5
}
