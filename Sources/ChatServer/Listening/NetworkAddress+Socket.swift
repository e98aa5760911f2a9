internal import ChatServerCore
internal import Glibc
internal import NIOCore

extension NetworkAddress {
    /// Creates the address of a peer, for limits and bans.
    ///
    /// A peer without an address, as on a unix socket or after it closed, counts as this machine.
    init(_ address: SocketAddress?) {
        let known: NetworkAddress?
        switch address {
        case .v4: known = Self(address?.ipAddress, family: AF_INET, count: 4)
        case .v6: known = Self(address?.ipAddress, family: AF_INET6, count: 16)
        case .unixDomainSocket, nil: known = nil
        }
        self = known ?? .local
    }

    private init?(_ text: String?, family: Int32, count: Int) {
        guard let text else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        self.init(bytes: bytes)
    }
}
