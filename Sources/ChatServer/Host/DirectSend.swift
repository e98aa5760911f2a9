internal import Glibc
internal import NIOCore

/// Calls `send(2)` directly, where going through a channel would cost more than the call itself.
enum DirectSend {
    /// Writes as much as a socket takes at once.
    ///
    /// - Returns: How many bytes the socket took; 0 also if writing fails, because the channel will notice that, too.
    static func send(_ bytes: UnsafeRawBufferPointer, to socket: NIOBSDSocket.Handle) -> Int {
        max(0, Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }
}
