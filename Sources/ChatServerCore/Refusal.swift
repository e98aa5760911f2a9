/// Why a login was refused, as the operator's figures tell it.
public enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// The nickname is in use.
    case inUse = "in_use"
    /// The password is not the one of the registered nickname, or is missing.
    case password
    /// The password could not be checked: too many are, or the store fails.
    case busy
    /// Something else.
    case other
}
