/// Why a login was refused, as the operator's figures tell it.
public enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// The nickname is in use.
    case inUse = "in_use"
    /// The password is not the one of the registered nickname, or is missing.
    case password
    /// The password could not be checked: too many are, or the store fails.
    case busy
    /// Too many wrong passwords came before.
    case throttled
    /// The account, the nickname or the address is banned.
    case banned
    /// The connection is not encrypted and has to be.
    case plaintext
    /// Something else.
    case other
}
