internal import Glibc

/// A second stack for signal handlers, which a thread needs to say anything
/// after its own has overflowed.
enum AlternateStack {
    /// Enough for our handler and for Swift's crash reporter after it.
    private static let bytes = 131_072

    /// Gives the calling thread one, unless it has one; it stays for the
    /// thread's life.
    static func install() {
        var current = stack_t()
        guard sigaltstack(nil, &current) == 0, current.ss_flags & Int32(SS_DISABLE) != 0 else { return }
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        stack.ss_size = bytes
        _ = sigaltstack(&stack, nil)
    }
}
