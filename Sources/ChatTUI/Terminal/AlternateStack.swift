internal import Glibc

/// A second stack for signal handlers: after a thread's own stack has overflowed, a handler needs it to report
/// anything.
enum AlternateStack {
    /// The size of the stack; enough for our handler and for Swift's crash reporter after it.
    private static let bytes = 131_072

    /// Gives the calling thread a second stack, unless it has one; it lasts as long as the thread.
    static func install() {
        var current = stack_t()
        guard sigaltstack(nil, &current) == 0, current.ss_flags & Int32(SS_DISABLE) != 0 else { return }
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        stack.ss_size = bytes
        _ = sigaltstack(&stack, nil)
    }
}
