internal import Glibc
internal import NIOCore

/// `send(2)`, for where the way through a channel would cost more than the call.
enum DirectSend {
    /// Writes what a socket takes at once.
    ///
    /// - Returns: How many bytes it took; 0 also where writing fails, because
    ///   the channel will find that out, too.
    static func send(_ bytes: UnsafeRawBufferPointer, to socket: NIOBSDSocket.Handle) -> Int {
        max(0, Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }
}
