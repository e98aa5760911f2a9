internal import Glibc
internal import NIOCore

/// How much of a TCP stream has arrived, as the system counts it.
struct ReceivedData: Sendable {
    /// How many bytes have arrived, read or not.
    var bytes: UInt64
    /// In how many segments they arrived.
    var segments: UInt32
}

extension ReceivedData {
    /// The size of `struct tcp_info` up to the last field that is read here; the C library knows only its beginning.
    private static let informationBytes = 156

    /// Asks the system; nil if it does not count.
    init?(of socket: NIOBSDSocket.Handle) {
        let counts: ReceivedData? = withUnsafeTemporaryAllocation(
            byteCount: Self.informationBytes,
            alignment: MemoryLayout<UInt64>.alignment
        ) { information in
            var size = socklen_t(Self.informationBytes)
            guard getsockopt(socket, CInt(IPPROTO_TCP), TCP_INFO, information.baseAddress, &size) == 0,
                size == socklen_t(Self.informationBytes)
            else { return nil }
            return ReceivedData(
                bytes: information.load(fromByteOffset: 128, as: UInt64.self),
                segments: information.load(fromByteOffset: 152, as: UInt32.self)
            )
        }
        guard let counts else { return nil }
        self = counts
    }
}
