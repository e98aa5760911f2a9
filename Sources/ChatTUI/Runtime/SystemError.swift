internal import Glibc

/// A system call that failed, with the reason in the system's words.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// What was tried.
    let call: String
    /// The error number.
    let number: Int32

    /// Takes the reason from `errno`.
    init(_ call: String, number: Int32 = errno) {
        self.call = call
        self.number = number
    }

    /// The reason, as in "No such file or directory".
    var reason: String {
        var text = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &text, text.count) == 0 else { return "error \(number)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var description: String { "\(call): \(reason)" }
}
