internal import ChatTestSupport
internal import Foundation

/// A bare TCP connection on loopback: what an old or a hostile program is to
/// the server.
final class RawPeer {
    /// Which loopback address to use.
    enum Family {
        /// 127.0.0.1
        case version4
        /// ::1
        case version6
    }

    private let descriptor: Int32
    /// What was read beyond a text that was waited for.
    private var beyond: [UInt8] = []

    /// Connects.
    ///
    /// - Parameter host: The last number of the 127.0.0.0/24 address to come from,
    ///   with ``Family/version4``.
    init(port: Int, family: Family = .version4, fromHost host: UInt8 = 1) throws {
        let result: Int32
        switch family {
        case .version4:
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t((0x7F00_0000 | UInt32(host)).bigEndian)
            guard Self.call(bind, descriptor, &address) == 0 else {
                close(descriptor)
                throw Overdue("bind to 127.0.0.\(host)")
            }
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
            result = Self.connect(descriptor, to: &address)
        case .version6:
            descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(UInt16(port).bigEndian)
            address.sin6_addr = in6addr_loopback
            result = Self.connect(descriptor, to: &address)
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Overdue("connect: \(reason)")
        }
    }

    deinit {
        close(descriptor)
    }

    private static func connect<Address>(_ descriptor: Int32, to address: inout Address) -> Int32 {
        call(Glibc.connect, descriptor, &address)
    }

    private static func call<Address>(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
        _ descriptor: Int32,
        _ address: inout Address
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// Writes text in one piece.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Writes bytes; false where the peer took no more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more will be sent, and goes on reading.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Logs in as an original client does.
    ///
    /// - Returns: What the server answers: `OK`, or why not.
    func logIn(_ nickname: String, password: String = "") throws -> String {
        send("CON,nickname=\(nickname);password=\(password);color=#00FF00,")
        let answer = try receive(until: "CONVER,")
        // What follows it comes in the same read where nobody was quick to look.
        let line = answer.prefix(upTo: answer.firstRange(of: "INFO,")?.lowerBound ?? answer.endIndex)
        return String(line.split(separator: ",", maxSplits: 2).last ?? "")
    }

    /// Logs in, and reads up to the list of users, which ends what everybody is told then.
    ///
    /// - Returns: All of it.
    @discardableResult
    func join(_ nickname: String) throws -> String {
        send("CON,nickname=\(nickname);password=;color=#00FF00,")
        return try receive(until: "USER,")
    }

    /// What one `recv` gives: nil at the end of the stream.
    func receiveBytes(_ count: Int = 65_536, patience: Patience = Patience()) throws -> [UInt8]? {
        guard Self.wait(for: [self], patience) else { throw Overdue("anything from the server") }
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, bytes.count, 0)
        return received > 0 ? Array(bytes.prefix(received)) : nil
    }

    /// Reads until `text` has come, and gives everything up to that read's end.
    ///
    /// What stands behind the text is found by the next call, too: on a slow machine
    /// several messages are one read.
    @discardableResult
    func receive(until text: String) throws -> String {
        let wanted = Array(text.utf8)
        let patience = Patience()
        var bytes = beyond
        while true {
            if let found = bytes.firstRange(of: wanted) {
                beyond = Array(bytes[found.upperBound...])
                return String(decoding: bytes, as: UTF8.self)
            }
            guard let more = try? receiveBytes(patience: patience) else { break }
            bytes += more
        }
        throw Overdue("never received «\(text)»; got «\(String(decoding: bytes, as: UTF8.self))»")
    }

    /// Reads until the server closes, and gives what still came.
    @discardableResult
    func receiveRest() throws -> String {
        let patience = Patience()
        while let more = try receiveBytes(patience: patience) { beyond += more }
        return String(decoding: beyond, as: UTF8.self)
    }

    /// Reads what is here already.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT)) > 0 {}
    }

    /// Waits until at least one of them has something to read, or was closed.
    static func wait(for peers: [RawPeer], _ patience: Patience = Patience()) -> Bool {
        var waiting = peers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        return poll(&waiting, nfds_t(waiting.count), patience.left) > 0
    }

    /// Whether it has something to read, or was closed.
    var isReadable: Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0
    }
}
