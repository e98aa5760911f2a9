internal import Glibc

/// Files and sockets made meanwhile are for their owner alone.
enum PrivateMask {
    static func set() -> mode_t { umask(0o177) }
    static func restore(_ mask: mode_t) { _ = umask(mask) }
}
