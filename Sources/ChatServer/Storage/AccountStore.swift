public import ChatProtocol
public import ChatServerCore

/// Where registered users and their passwords are kept.
///
/// Calls return at once; completions may come on any thread. Passwords come
/// in and never go out.
public protocol AccountStore: Sendable {
    /// Reads all accounts, now and whenever they change (also from outside).
    ///
    /// - Parameter observer: Called with all accounts, first before this call
    ///   returns.
    func observe(_ observer: @escaping @Sendable ([Account]) -> Void)

    /// Compares a password with an account's, in constant time.
    func verify(_ account: AccountID, password: String, completion: @escaping @Sendable (Bool) -> Void)

    /// Gives an account a new password.
    func changePassword(
        _ account: AccountID,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Makes a member of a nickname that is not registered.
    func register(
        _ nickname: Nickname,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Gives an account a new nickname.
    func rename(
        _ account: AccountID,
        to nickname: Nickname,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Waits until everything handed over is safe, and closes.
    func close()
}
