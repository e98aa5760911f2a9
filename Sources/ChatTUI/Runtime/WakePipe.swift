internal import ChatSystem
internal import Glibc
internal import Synchronization

/// A pipe to oneself: what ends a wait in poll(2) from another thread or from
/// a signal handler.
///
/// A byte is the number of a signal, or zero for "look at the inbox".
final class WakePipe: Sendable {
    /// Becomes readable when there is something to see to.
    let readDescriptor: Int32
    /// Where a signal handler writes; never waits.
    let writeDescriptor: Int32
    private let isAwake = Atomic<Bool>(false)

    /// Creates a pipe.
    ///
    /// - Throws: ``SystemError`` when the process may open no more descriptors.
    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, let read = ends.first, let write = ends.last else { throw SystemError("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        readDescriptor = read
        writeDescriptor = write
    }

    deinit {
        close(readDescriptor)
        close(writeDescriptor)
    }

    /// Ends the wait; any number of calls before it is seen write one byte.
    func wake() {
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 0
        _ = write(writeDescriptor, &byte, 1)
    }

    /// Empties the pipe and gives the signals that it held, in order.
    ///
    /// Look at what others have left only after this, never before.
    func drain() -> [Int32] {
        // Last: a wake while the pipe is being emptied would otherwise lose its
        // byte to this very reading, and leave no later one to be written. What
        // came without a byte was there before this, and is found by looking.
        defer { isAwake.store(false, ordering: .sequentiallyConsistent) }
        var signals: [Int32] = []
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            let count = read(readDescriptor, &bytes, bytes.count)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return signals
            }
            signals += bytes.prefix(count).filter { $0 != 0 }.map(Int32.init)
        }
    }
}
