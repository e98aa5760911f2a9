internal import ChatProtocol
internal import ChatServerCore

@testable internal import ChatStorage

/// The store's calls, for tests that wait for their answers.
extension SQLiteAccountStore {
    func verify(_ account: AccountID, _ password: String) async -> Bool {
        await withCheckedContinuation { continuation in
            verify(account, password: password) { continuation.resume(returning: (try? $0.get()) ?? false) }
        }
    }

    func register(_ nickname: Nickname, password: String) async -> Result<Account, StoreError> {
        await withCheckedContinuation { continuation in
            register(nickname, password: password) { continuation.resume(returning: $0) }
        }
    }

    func change(
        _ account: Account,
        nickname: String?,
        password: String?
    ) async -> Result<Account, StoreError> {
        let nickname = nickname.flatMap { try? Nickname($0) }
        return await withCheckedContinuation { continuation in
            change(account, nickname: nickname, password: password) { continuation.resume(returning: $0) }
        }
    }
}
