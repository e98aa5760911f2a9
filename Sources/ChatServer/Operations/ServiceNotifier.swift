internal import Glibc

/// Reports the server's state to the service manager, as `sd_notify(3)` does.
///
/// Without a manager (no `NOTIFY_SOCKET`) all calls do nothing.
public struct ServiceNotifier: Sendable {
    private let socketPath: String?

    /// How often the manager wants a sign of life, in microseconds; nil for never.
    public let watchdogMicroseconds: Int64?

    /// Reads the manager's settings from the environment.
    ///
    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - processID: The process's own id, because the watchdog may be meant for another one.
    public init(environment: [String: String], processID: Int32) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == processID } ?? true
        watchdogMicroseconds = isForUs ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.filter { $0 > 0 } : nil
    }

    /// Reports that the server accepts connections.
    public func ready(status: String) {
        send("READY=1\nSTATUS=\(status)")
    }

    /// Reports that the configuration is being read again.
    public func reloading(monotonicMicroseconds: Int64) {
        send("RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)")
    }

    /// Reports that the server is stopping.
    public func stopping() {
        send("STOPPING=1\nSTATUS=closing")
    }

    /// Reports that the server is alive.
    public func alive() {
        send("WATCHDOG=1")
    }

    /// Sends a state without ever waiting: a manager that does not read must not stop the server.
    private func send(_ state: String) {
        guard let socketPath else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        // A leading @ stands for the zero byte of an abstract socket.
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(state.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address, length)
            }
        }
    }
}

extension Optional {
    fileprivate func filter(_ isIncluded: (Wrapped) -> Bool) -> Wrapped? {
        flatMap { isIncluded($0) ? $0 : nil }
    }
}

/// The listening sockets that the service manager handed over, as `sd_listen_fds(3)` finds them.
public enum InheritedSockets {
    /// The file descriptors; empty if there are none.
    ///
    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - processID: The process's own id, because the sockets may be meant for another one.
    public static func descriptors(environment: [String: String], processID: Int32) -> [Int32] {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...64).contains(count)
        else { return [] }
        let first: Int32 = 3
        return (first..<first + count).map { descriptor in
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
    }
}
