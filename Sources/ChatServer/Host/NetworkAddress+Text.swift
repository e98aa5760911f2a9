internal import ChatServerCore
internal import Glibc

extension NetworkAddress {
    /// Reads a numeric address as the system writes it, without brackets or port.
    ///
    /// Nil for anything else. A zone after `%` does not matter.
    init?(ipAddress text: String) {
        let host = text.prefix { $0 != "%" }
        var bytes = [UInt8](repeating: 0, count: host.contains(":") ? 16 : 4)
        let family = host.contains(":") ? AF_INET6 : AF_INET
        guard inet_pton(family, String(host), &bytes) == 1 else { return nil }
        self.init(bytes: bytes)
    }
}
