internal import Dispatch
internal import Foundation
internal import Synchronization

/// Computes password hashes on threads of its own, so that nothing else has to wait for them.
///
/// A hash needs a lot of memory and time on purpose. So the number computed at once and the number waiting are both
/// limited: a client that floods the server with passwords gets refusals and can't use up its memory.
final class PasswordPool: Sendable {
    /// What a hash is for.
    enum Purpose {
        case login
        /// A hash that will be stored, not compared; these may use half of the waiting places.
        case newPassword
    }

    /// How many hashes are computed at once.
    ///
    /// A second one needs another 128 MiB, and is worth it only on machines with more than 3 cores.
    static let standardWorkers = ProcessInfo.processInfo.activeProcessorCount > 3 ? 2 : 1

    /// How many may wait.
    ///
    /// Each takes a third to half of a second, depending on the machine.
    static let standardWaiting = 32

    /// How long a login's password may wait.
    ///
    /// Clients give up after 20 s, and a hash that nobody waits for is wasted work.
    static let patience = Duration.seconds(15)

    private let queues: [DispatchQueue]
    private let capacity: Int
    /// How many waiting places may be used for new passwords; the rest stay free for logins.
    private let newPasswords: Int
    private let state = Mutex((inside: 0, newPasswords: 0, next: 0))

    init(workers: Int = PasswordPool.standardWorkers, waiting: Int = PasswordPool.standardWaiting) {
        queues = (0..<max(1, workers)).map { DispatchQueue(label: "chat-tui.passwords.\($0)") }
        capacity = queues.count + max(0, waiting)
        newPasswords = queues.count + max(0, waiting) / 2
    }

    /// Queues work for the pool.
    ///
    /// - Returns: False if too many are waiting already, in total or for this purpose; `work` is then dropped.
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

    /// Waits until all accepted work is done.
    func drain() {
        for queue in queues { queue.sync {} }
    }
}
