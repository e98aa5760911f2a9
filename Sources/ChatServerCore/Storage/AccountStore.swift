public import ChatProtocol

/// Where registered users and their passwords are kept.
///
/// Calls return at once; completions may come on any thread. Passwords come
/// in and never go out.
public protocol AccountStore: Sendable {
    /// Tells of all accounts, and of each change of them (also from outside).
    ///
    /// What the observer gets is never older than a change that was completed
    /// before it: the two may not overtake each other.
    ///
    /// - Parameter observer: Called with all accounts before this call returns,
    ///   then with what differs.
    func observe(_ observer: @escaping @Sendable (AccountChanges) -> Void)

    /// Compares a password with an account's, in constant time.
    ///
    /// - Parameters:
    ///   - account: Whose.
    ///   - password: What was given.
    ///   - isWanted: Asked, on any thread, before much work is done; where the
    ///     answer is no, the comparison may fail without it.
    ///   - completion: Called with whether it is right, or with why
    ///     that could not be found out: a guess that was not made counts as none.
    func verify(
        _ account: AccountID,
        password: String,
        isWanted: @escaping @Sendable () -> Bool,
        completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    )

    /// Changes an account's nickname, password or both: all or nothing.
    ///
    /// - Parameters:
    ///   - account: Whose, as who asks knows it: where it has another password
    ///     by now, nothing is changed.
    ///   - nickname: The new nickname; nil leaves it.
    ///   - password: The new password; nil leaves it.
    ///   - completion: Called with the account as it is then.
    func change(
        _ account: Account,
        nickname: Nickname?,
        password: String?,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Makes a member of a nickname that is not registered.
    func register(
        _ nickname: Nickname,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    )

    /// Waits until every change under way is safe, and closes; passwords that
    /// still wait to be checked or hashed may fail.
    func close()
}
