internal import Glibc

/// A datagram socket at a path: what a service manager is to a server.
public final class DatagramSocket {
    /// Where it is.
    public let path: String
    private let descriptor: Int32

    /// Binds; whatever is at the path goes.
    public init(path: String) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        unlink(path)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The next datagram, which is waited for.
    public func receive() throws -> String {
        guard let message = receive(waiting: Int32(Patience.milliseconds)) else { throw Overdue("a datagram") }
        return message
    }

    /// The next datagram of those that are here already; nil where there is none.
    public func receiveIfAny() -> String? { receive(waiting: 0) }

    private func receive(waiting milliseconds: Int32) -> String? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
