/// The secret by which a server recognizes its own user.
///
/// It is random, made anew for each run, known only to that process, and never shown.
public struct OperatorSecret: Sendable {
    /// How many random bytes the secret has.
    private static let byteCount = 32

    /// The value of the `operator` key: lower-case hexadecimal digits.
    public let wire: String

    /// Makes a new secret.
    ///
    /// - Parameter random: A source that nobody can predict.
    public init(using random: inout some RandomNumberGenerator) {
        var digits = ""
        for _ in 0..<Self.byteCount {
            let byte = UInt8.random(in: 0...255, using: &random)
            digits += byte < 16 ? "0" : ""
            digits += String(byte, radix: 16)
        }
        wire = digits
    }

    /// Reads the value of the key; nil if it does not have the form of a secret.
    public init?(wire: String) {
        guard wire.utf8.count == 2 * Self.byteCount,
            wire.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.wire = wire
    }
}

extension OperatorSecret: Hashable {
    /// Compares two secrets in constant time, so that nobody can find one out digit by digit.
    public static func == (left: OperatorSecret, right: OperatorSecret) -> Bool {
        zip(left.wire.utf8, right.wire.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension OperatorSecret: CustomStringConvertible, CustomReflectable {
    /// A placeholder without the secret, in case somebody prints a request.
    public var description: String { "…" }

    /// A mirror without the secret, for `dump` and messages of failed tests.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
