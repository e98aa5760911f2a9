internal import Foundation

/// Keeps a second server away from a data directory, for as long as it lives.
///
/// A lock of the kernel's: it ends with the process however that ends, so that
/// nothing has to be cleaned up after a crash.
final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    /// Locks a directory that exists.
    ///
    /// - Throws: ``StorageError/inUse(path:processID:)`` while another server
    ///   has it, in this process or another.
    init(_ directory: DataDirectory) throws(StorageError) {
        let path = directory.lockPath
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error: StorageError =
                errno == EWOULDBLOCK
                ? .inUse(path: directory.path, processID: Self.readProcessID(descriptor)) : .failed(path)
            close(descriptor)
            throw error
        }
        // Only for the message above: the lock counts, not what the file says.
        let text = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = text.utf8.withContiguousStorageIfAvailable { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private static func readProcessID(_ descriptor: Int32) -> Int32? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, 32, 0))
        }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
