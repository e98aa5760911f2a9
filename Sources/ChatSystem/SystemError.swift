internal import Glibc

/// A failed system call, with the reason in the system's words.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the system call.
    public let call: String
    /// The error number.
    public let number: Int32

    /// Creates an error.
    public init(_ call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    /// Creates an error from `errno`.
    public init(_ call: String) {
        self.init(call, number: errno)
    }

    /// The error for a pipe where a file is needed.
    static let isPipe = SystemError("open", number: ESPIPE)

    /// The reason, as in "No such file or directory".
    public var reason: String {
        // The system's own words are about seeking.
        if self == .isPipe { return "it is a pipe, not a file" }
        var text = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &text, text.count) == 0 else { return "error \(number)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// One line: the call and the reason.
    public var description: String { "\(call): \(reason)" }
}
