internal import ChatTestSupport
internal import Foundation

/// Many logged in connections with netstrings that only listen.
final class Crowd {
    private struct Member {
        let descriptor: Int32
        var isIn = false
        /// The last bytes that it got: enough to know a short message by.
        var tail: [UInt8] = []
    }

    private static let tailBytes = 256

    private let port: Int
    private var members: [Member] = []
    private var watched: [pollfd] = []
    private var buffer = [UInt8](repeating: 0, count: 262_144)

    init(port: Int) {
        self.port = port
    }

    deinit {
        for member in members { close(member.descriptor) }
    }

    /// How many were admitted.
    private(set) var admitted = 0
    /// How many the server has closed.
    private(set) var gone = 0

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
            guard result == 0 else { throw Overdue("connect: \(String(cString: strerror(errno)))") }
            let login = Array("CON,nickname=m\(members.count);password=;color=#0F0;framing=netstring,".utf8)
            guard send(descriptor, login, login.count, Int32(MSG_NOSIGNAL)) == login.count else {
                throw Overdue("the login of \(members.count) was not taken")
            }
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            members.append(Member(descriptor: descriptor))
        }
    }

    /// Reads what comes until something is so.
    func listen(until condition: () -> Bool, _ what: @autoclosure () -> String) throws {
        while !condition() {
            // As long as something comes it may take as long as it likes.
            guard poll(&watched, nfds_t(watched.count), Patience().left) > 0 else { throw Overdue(what()) }
            for index in watched.indices where watched[index].revents != 0 { read(index) }
        }
    }

    private func read(_ index: Int) {
        let count = recv(members[index].descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN {
                gone += 1
                // A number below zero is passed over.
                watched[index].fd = -1
            }
            return
        }
        if !members[index].isIn, buffer.starts(with: Array("CONVER,".utf8)) {
            members[index].isIn = true
            admitted += 1
        }
        let new = buffer[max(0, count - Self.tailBytes)..<count]
        members[index].tail = Array((members[index].tail + new).suffix(Self.tailBytes))
        // The server asks those it has not heard for long whether they are there.
        if new.firstRange(of: Array(":PING,".utf8)) != nil {
            let answer = Array("6:PONG,,,".utf8)
            _ = send(members[index].descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
    }
}
