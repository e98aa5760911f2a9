internal import Dispatch
internal import Foundation
internal import Synchronization

/// Computes password hashes away from everything that must not wait.
///
/// A hash costs memory and time on purpose, so that both the number at work and
/// the number waiting have a bound: whoever sends passwords in a flood gets
/// refusals, not the server's memory.
final class PasswordPool: Sendable {
    /// What a hash is computed for.
    enum Purpose {
        case login
        /// To be kept, not compared: may take half of the waiting places.
        case newPassword
    }

    /// How many are computed at the same time: a second one would need another
    /// 128 MiB, and pays only where there are cores to spare.
    static let standardWorkers = ProcessInfo.processInfo.activeProcessorCount > 3 ? 2 : 1

    /// How many may wait: a third to half of a second each, by the machine.
    static let standardWaiting = 32

    /// How long a login's password may wait: clients give up after 20 s, and what
    /// nobody waits for need not be computed.
    static let patience = Duration.seconds(15)

    private let queues: [DispatchQueue]
    private let capacity: Int
    /// How many of them may be no logins, so that there is room for logins
    /// whoever sets passwords.
    private let newPasswords: Int
    private let state = Mutex((inside: 0, newPasswords: 0, next: 0))

    init(workers: Int = PasswordPool.standardWorkers, waiting: Int = PasswordPool.standardWaiting) {
        queues = (0..<max(1, workers)).map { DispatchQueue(label: "chat-tui.passwords.\($0)") }
        capacity = queues.count + max(0, waiting)
        newPasswords = queues.count + max(0, waiting) / 2
    }

    /// Has something computed.
    ///
    /// - Returns: False where too many wait already, over all or for this
    ///   purpose; then `work` is dropped.
    func submit(for purpose: Purpose = .login, _ work: @escaping @Sendable () -> Void) -> Bool {
        let share = purpose == .newPassword ? 1 : 0
        let index = state.withLock { state -> Int? in
            guard state.inside < capacity else { return nil }
            guard share == 0 || state.newPasswords < newPasswords else { return nil }
            state.inside += 1
            state.newPasswords += share
            state.next = (state.next + 1) % queues.count
            return state.next
        }
        guard let index else { return false }
        queues[index].async {
            work()
            self.state.withLock { state in
                state.inside -= 1
                state.newPasswords -= share
            }
        }
        return true
    }

    /// Waits until everything that was accepted is done.
    func drain() {
        for queue in queues { queue.sync {} }
    }
}
