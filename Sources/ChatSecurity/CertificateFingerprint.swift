internal import Crypto
internal import NIOSSL

/// The value that people compare to recognize a server's certificate: the SHA-256 of its DER form, written as `sha256:`
/// and 64 hexadecimal digits.
public struct CertificateFingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the digest.
    public let bytes: [UInt8]

    /// Computes the fingerprint of a certificate in DER form.
    public init(der: [UInt8]) {
        bytes = Array(SHA256.hash(data: der))
    }

    /// Computes the fingerprint of a certificate.
    ///
    /// - Parameter certificate: The certificate that the server presented.
    /// - Throws: The library's error if the certificate can't be encoded.
    init(_ certificate: NIOSSLCertificate) throws {
        self.init(der: try certificate.toDERBytes())
    }

    /// Reads the written form; colons between the digits and capital letters are allowed.
    ///
    /// - Parameter text: `sha256:` and 64 hexadecimal digits.
    public init?(_ text: String) {
        let lowered = text.lowercased()
        guard lowered.hasPrefix("sha256:") else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in lowered.dropFirst("sha256:".count) where character != ":" {
            guard let digit = character.hexDigitValue.flatMap({ UInt8(exactly: $0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil, bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The written form.
    public var description: String {
        var text = "sha256:"
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}
