public import ChatProtocol

/// Where registered users and their passwords are stored.
///
/// Calls return at once; completions may come on any thread. Passwords go in and never come out.
public protocol AccountStore: Sendable {
    /// Reports all accounts, and then each change of them (also from outside).
    ///
    /// What the observer gets is never older than a change that was completed before it: the two may not overtake each
    /// other.
    ///
    /// - Parameter observer: Called with all accounts before this call returns, then with each difference.
    func observe(_ observer: @escaping @Sendable (AccountChanges) -> Void)

    /// Compares a password with an account's, in constant time.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - password: The password that was given.
    ///   - isWanted: Asked, on any thread, before much work is done; if it returns false, the comparison may fail
    ///     without that work.
    ///   - completion: Called with whether the password is right, or why it could not be compared; then it does not
    ///     count as a guess.
    func verify(
        _ account: AccountID,
        password: String,
        isWanted: @escaping @Sendable () -> Bool,
        completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    )

    /// Changes an account's nickname, password or both: all or nothing.
    ///
    /// - Parameters:
    ///   - account: The account as the requester knows it; if it has another password by now, nothing is changed.
    ///   - nickname: The new nickname; nil leaves it.
    ///   - password: The new password; nil leaves it.
    ///   - completion: Called with the account after the change.
    func change(
        _ account: Account,
        nickname: Nickname?,
        password: String?,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Registers a nickname that is not registered yet.
    func register(
        _ nickname: Nickname,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Waits until every change in progress is stored, then closes; passwords that still wait to be compared or hashed
    /// may fail.
    func close()
}
