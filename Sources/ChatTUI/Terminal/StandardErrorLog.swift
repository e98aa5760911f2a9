internal import ChatSystem
internal import Glibc
internal import Synchronization

/// Keeps standard error off the screen while the program uses it, and shows the last part of it afterwards.
///
/// The message of a `fatalError` is written there just before the crash; on the alternate screen it would disappear
/// with the screen.
enum StandardErrorLog {
    /// How many bytes are shown afterwards.
    static let shownBytes = 4096

    /// Redirects standard error to a temporary file without a name.
    static func begin() {
        guard savedDescriptor.load(ordering: .sequentiallyConsistent) < 0 else { return }
        let folder = Environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(folder)/chat-tui.XXXXXX".utf8CString)
        let log = mkstemp(&template)
        guard log >= 0 else { return }
        _ = unlink(template)
        let saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        guard saved >= 0 else {
            close(log)
            return
        }
        dup2(log, STDERR_FILENO)
        close(log)
        savedDescriptor.store(saved, ordering: .sequentiallyConsistent)
    }

    /// Restores standard error and shows on it the last part of what was written meanwhile; safe in a signal handler.
    static func end() {
        let saved = savedDescriptor.exchange(-1, ordering: .sequentiallyConsistent)
        guard saved >= 0 else { return }
        let length = lseek(STDERR_FILENO, 0, SEEK_END)
        let count = pread(STDERR_FILENO, buffer, shownBytes, max(0, length - off_t(shownBytes)))
        dup2(saved, STDERR_FILENO)
        close(saved)
        if count > 0 { _ = OpenFile.writeAll(UnsafeRawBufferPointer(start: buffer, count: count), to: STDERR_FILENO) }
    }
}

private let savedDescriptor = Atomic<Int32>(-1)
nonisolated(unsafe) private let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: StandardErrorLog.shownBytes)
