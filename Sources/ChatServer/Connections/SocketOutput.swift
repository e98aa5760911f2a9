internal import NIOCore

/// How far the channel has handed on what it was given, and the way past it.
struct SocketOutput {
    /// The socket, as long as it is open and speaks netstrings.
    var socket: NIOBSDSocket.Handle?
    /// Whether netstrings may be written and would not just pile up.
    var canWrite = false
    /// Whether a write is under way in the same call.
    private(set) var isWriting = false
    /// How many writes the channel has that the socket has not taken whole.
    private var unfinishedWrites = 0
    private var hasUnflushed = false

    /// Whether the socket has taken every flushed write.
    var hasFinishedWrites: Bool { unfinishedWrites == 0 }

    /// Whether the channel has handed on all that it was given.
    var isIdle: Bool { hasFinishedWrites && !hasUnflushed }

    /// Notes a write that is not flushed yet.
    mutating func write() {
        hasUnflushed = true
    }

    /// Notes a write that is flushed.
    mutating func beginWrite() {
        unfinishedWrites += 1
        hasUnflushed = false
        isWriting = true
    }

    /// Notes that the call is over in which the write was flushed.
    mutating func endCall() {
        isWriting = false
    }

    /// Notes that the socket has taken a write.
    mutating func finishWrite() {
        unfinishedWrites -= 1
    }
}
