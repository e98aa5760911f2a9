/// Why a server refuses something, as a code word for programs.
///
/// It is the `refusal` key of a CONVER, ERR or CONFIRM, and of a WARN that ends the connection. The sentence beside it
/// is for people, and its wording may change.
public enum Refusal: String, Hashable, Sendable, CaseIterable {
    // MARK: At login

    /// Somebody is logged in with the nickname.
    case nicknameInUse = "nickname-in-use"
    /// The text is not a valid nickname.
    case nicknameInvalid = "nickname-invalid"
    /// The nickname looks like one that is registered, or that somebody has at the moment.
    case nicknameLookalike = "nickname-lookalike"
    /// The nickname is registered to somebody else.
    case nicknameRegistered = "nickname-registered"
    /// The nickname is registered, and no password was given.
    case passwordMissing = "password-missing"
    /// The password is wrong.
    case passwordWrong = "password-wrong"
    /// The account, the nickname or the address is banned.
    case banned
    /// The server accepts only encrypted connections from here.
    case encryptionRequired = "encryption-required"

    // MARK: Passing: the same may be taken later

    /// The server has too much to do, or still works on the previous request.
    case busy
    /// There were too many passwords, accounts or attempts from here.
    case throttled
    /// Something could not be stored or read.
    case storeFailed = "store-failed"
    /// The server is about to close.
    case closing
    /// The server has as many connections as it accepts.
    case serverFull = "server-full"
    /// The address has as many connections as one address may have.
    case addressFull = "address-full"
    /// The address opens connections too fast.
    case tooFast = "too-fast"

    // MARK: Requests

    /// The recipient of a message is not there.
    case recipientAbsent = "recipient-absent"
    /// The user to kick is not there.
    case userAbsent = "user-absent"
    /// The user to ban is an admin.
    case userIsAdmin = "user-is-admin"
    /// The user to kick or ban is the requester.
    case userIsSelf = "user-is-self"
    /// The user to unban is not banned.
    case notBanned = "not-banned"
    /// There are as many bans as the server stores.
    case tooManyBans = "too-many-bans"
    /// Only an admin may do this.
    case notPermitted = "not-permitted"
    /// The text is not a valid color.
    case colorInvalid = "color-invalid"
    /// The new password is too short.
    case passwordTooShort = "password-too-short"
    /// The new password is too long.
    case passwordTooLong = "password-too-long"
    /// The server does not let guests register.
    case registrationClosed = "registration-closed"
    /// A text or a reason is too long.
    case tooLong = "too-long"
    /// The request is not allowed at this point: a second login, or anything else before the first.
    case unexpected
    /// The request can't be read, or a key is missing.
    case malformed

    // MARK: The end of a connection

    /// An admin threw the user out.
    case kicked
    /// The account has a new password.
    case passwordChanged = "password-changed"
}
