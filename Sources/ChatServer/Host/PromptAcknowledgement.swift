internal import Glibc
internal import NIOCore

/// Tells a peer's system at once that its bytes have arrived.
///
/// Original clients leave Nagle's algorithm on. As long as something of theirs
/// is not acknowledged, their system holds back what they write next and sends
/// it in one piece, so that several requests look like one. This system would
/// wait up to 40 ms with an acknowledgement.
enum PromptAcknowledgement {
    /// Acknowledges what was read; holds for this read only.
    static func send(on socket: NIOBSDSocket.Handle) {
        var isOn: CInt = 1
        setsockopt(socket, CInt(IPPROTO_TCP), TCP_QUICKACK, &isOn, socklen_t(MemoryLayout<CInt>.size))
    }
}
