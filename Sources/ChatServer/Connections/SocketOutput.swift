internal import NIOCore

/// How much of its output the channel has handed on, and the direct way to the socket.
struct SocketOutput {
    /// The socket, while it is open and speaks netstrings.
    var socket: NIOBSDSocket.Handle?
    /// Whether netstrings may be written, and would not just pile up.
    var canWrite = false
    /// Whether a write is in progress in the current call.
    private(set) var isWriting = false
    /// How many writes the socket has not taken completely yet.
    private var unfinishedWrites = 0
    private var hasUnflushed = false

    /// Whether the socket has taken every flushed write.
    var hasFinishedWrites: Bool { unfinishedWrites == 0 }

    /// Whether the channel has handed on everything it was given.
    var isIdle: Bool { hasFinishedWrites && !hasUnflushed }

    /// Records a write that is not flushed yet.
    mutating func write() {
        hasUnflushed = true
    }

    /// Records a write that is flushed.
    mutating func beginWrite() {
        unfinishedWrites += 1
        hasUnflushed = false
        isWriting = true
    }

    /// Records the end of the call in which the write was flushed.
    mutating func endCall() {
        isWriting = false
    }

    /// Records that the socket has taken a write.
    mutating func finishWrite() {
        unfinishedWrites -= 1
    }
}
