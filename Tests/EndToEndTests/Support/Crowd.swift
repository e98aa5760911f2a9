internal import Foundation

/// Thousands of logged in connections with netstrings that only listen.
final class Crowd {
    private struct Member {
        let descriptor: Int32
        var isIn = false
        var isGone = false
        /// The last bytes that it got: enough to know a short message by.
        var tail: [UInt8] = []
    }

    private static let tailBytes = 256
    /// The server takes 90 s of silence for the end.
    private static let timeBetweenSigns = Duration.seconds(25)

    private let port: Int
    private var members: [Member] = []
    private var watched: [pollfd] = []
    private var lastSigns = ContinuousClock.now
    private var buffer = [UInt8](repeating: 0, count: 262_144)

    init(port: Int) {
        self.port = port
    }

    deinit {
        for member in members { close(member.descriptor) }
    }

    /// How many were admitted.
    var admitted: Int { members.count { $0.isIn } }
    /// How many the server has closed.
    var gone: Int { members.count { $0.isGone } }

    /// How many got these bytes last.
    func count(whoseLastWords words: String) -> Int {
        let bytes = Array(words.utf8)
        return members.count { $0.tail.suffix(bytes.count).elementsEqual(bytes) }
    }

    /// Connects some more, and has them log in.
    func grow(by count: Int) throws {
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else { throw Overdue(description: "connect: \(String(cString: strerror(errno)))") }
            let login = Array("CON,nickname=m\(members.count);password=;color=#0F0;framing=netstring,".utf8)
            guard send(descriptor, login, login.count, Int32(MSG_NOSIGNAL)) == login.count else {
                throw Overdue(description: "the login of \(members.count) was not taken")
            }
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            members.append(Member(descriptor: descriptor))
        }
    }

    /// Reads what comes until something is so.
    func listen(
        until condition: () throws -> Bool,
        _ what: @autoclosure () -> String,
        within seconds: Double = 60
    ) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while try !condition() {
            guard ContinuousClock.now < deadline else { throw Overdue(description: what()) }
            turn()
        }
    }

    /// Answers what the server asks those it does not hear: whether they are there.
    private func giveSigns() {
        guard ContinuousClock.now - lastSigns > Self.timeBetweenSigns else { return }
        lastSigns = .now
        let sign = Array("6:PONG,,,".utf8)
        for member in members where member.isIn && !member.isGone {
            _ = send(member.descriptor, sign, sign.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func turn() {
        giveSigns()
        guard poll(&watched, nfds_t(watched.count), 50) > 0 else { return }
        for index in watched.indices where watched[index].revents != 0 { read(index) }
    }

    private func read(_ index: Int) {
        let count = recv(members[index].descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN {
                members[index].isGone = true
                // A number below zero is passed over.
                watched[index].fd = -1
            }
            return
        }
        if !members[index].isIn {
            members[index].isIn = buffer.prefix(min(count, 200)).starts(with: Array("CONVER,".utf8))
        }
        let new = buffer[max(0, count - Self.tailBytes)..<count]
        members[index].tail = Array((members[index].tail + new).suffix(Self.tailBytes))
    }
}
