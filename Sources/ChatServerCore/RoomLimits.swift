internal import ChatProtocol

/// Every bound of the room that no operator needs to change, each with its reason.
enum RoomLimits {
    /// How many REFs of one connection may be under way: a client has one for
    /// what it missed and one for what it scrolls to.
    static let refreshesInFlight = 4

    /// How many requests may wait between a CON and its CONVER: clients send
    /// nothing there, so these few are courtesy.
    static let deferredRequests = 8

    /// How many tags of one user are remembered at least: more than any
    /// client's outbox holds.
    static let noncesPerOwner = 256

    /// How many tags are remembered at least, over all users; at most twice as
    /// many.
    static let nonces = 65_536

    /// How often a message that waits for the store may be sent again.
    static let repeats = 8

    /// How many messages are kept that were published while the history was
    /// being read for an unframed client.
    static let recentRecords = 256

    /// How many scalars of a request an error repeats.
    static let echoedScalars = 64

    /// The longest reason of a kick in bytes, so that the WARN fits an unframed
    /// message whole.
    static let kickReasonBytes = 1024

    /// How many bans there may be: few enough to look through at every login,
    /// and for the list of them to fit one framed response with the longest
    /// reasons.
    static let bans = 1000

    /// How many bytes of text a list of bans for an unframed client may have:
    /// its messages, 50 ms apart, stay fewer than a client may have waiting.
    static let unframedBansBytes = 32_768

    /// How many changes of the bans may wait for the store.
    static let banChanges = 64

    /// How many refusals a connection may collect before its login: far more
    /// than somebody needs to find the right password.
    static let refusals = 20

    /// How soon so many clients of a closing server are to come back: from then
    /// on and for as long again, so that no second sees more than 200 of them.
    static func returnSeconds(of count: Int) -> Int { min(1 + count / 200, 60) }

    /// More users than an unframed USER list can ever hold: one takes at least
    /// `;1=ab`.
    static let unframedUsers = Limits.unframedMessageBytes / 5
}
