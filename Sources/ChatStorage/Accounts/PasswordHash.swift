internal import CryptoExtras
internal import Foundation

/// A password's hash, together with everything needed to compute it again.
///
/// Stored as `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, salt and hash in base64 without padding.
struct PasswordHash: Hashable, Sendable {
    /// The parameters it was computed with.
    let cost: PasswordCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    private static let saltBytes = 16
    private static let hashBytes = 32

    /// Hashes a password with a new random salt, which is slow.
    ///
    /// - Throws: The library's error if there is not enough memory.
    init(_ password: String, cost: PasswordCost) throws {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try self.init(password, salt: salt, cost: cost)
    }

    private init(_ password: String, salt: [UInt8], cost: PasswordCost) throws {
        // Another system may compose the characters of the same password differently.
        let composed = password.precomposedStringWithCanonicalMapping
        let key = try KDF.Scrypt.deriveKey(
            from: Array(composed.utf8),
            salt: salt,
            outputByteCount: Self.hashBytes,
            rounds: 1 << cost.logarithmOfRounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
        self.cost = cost
        self.salt = salt
        hash = key.withUnsafeBytes { Array($0) }
    }

    /// A hash that no password matches; comparing with it takes as long as with a real one.
    static func unmatched(cost: PasswordCost) -> PasswordHash {
        PasswordHash(
            cost: cost,
            salt: Array(repeating: 0, count: saltBytes),
            hash: Array(repeating: 0, count: hashBytes)
        )
    }

    private init(cost: PasswordCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Reads the stored form; nil if it is not valid.
    init?(kept text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let cost = PasswordCost(kept: parts[2]), cost.isPossible,
            let salt = Self.bytes(parts[3]), salt.count == Self.saltBytes,
            let hash = Self.bytes(parts[4]), hash.count == Self.hashBytes
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// The stored form.
    var kept: String { "$scrypt$\(cost.kept)$\(Self.text(salt))$\(Self.text(hash))" }

    /// Whether this is the hash of a password; takes the same time for a wrong password as for the right one.
    ///
    /// - Throws: The library's error if there is not enough memory.
    func matches(_ password: String) throws -> Bool {
        // An empty password never matches.
        let other = try PasswordHash(password, salt: salt, cost: cost)
        var difference: UInt8 = password.isEmpty ? 1 : 0
        for (one, other) in zip(hash, other.hash) { difference |= one ^ other }
        return difference == 0
    }

    private static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().filter { $0 != "=" }
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}

extension PasswordCost {
    /// The parameters as written in a stored hash: `ln=17,r=8,p=1`.
    fileprivate var kept: String { "ln=\(logarithmOfRounds),r=\(blockSize),p=\(parallelism)" }

    fileprivate init?(kept text: Substring) {
        let names = ["ln", "r", "p"]
        let pairs = text.split(separator: ",").map { $0.split(separator: "=") }
        let values = zip(names, pairs).compactMap { name, pair in
            pair.count == 2 && pair[0] == name ? Int(pair[1]) : nil
        }
        guard pairs.count == names.count, values.count == names.count else { return nil }
        self.init(logarithmOfRounds: values[0], blockSize: values[1], parallelism: values[2])
    }
}
