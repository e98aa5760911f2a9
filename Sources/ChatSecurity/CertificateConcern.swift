internal import Foundation

/// A problem with a server's certificate that its operator should fix, though the server can run with it.
public enum CertificateConcern: Hashable, Sendable, CustomStringConvertible {
    /// The file has no certificate of the issuer, and the certificate is not self-signed.
    ///
    /// Clients can't connect it to an authority that they know, and treat it as one that the server made itself.
    case missingIssuer(path: String)
    /// The certificate has expired; with the time in seconds since 1970.
    case expired(path: String, Int64)
    /// The certificate is not valid yet; with the time from which it is, in seconds since 1970.
    case notYetValid(path: String, Int64)
    /// More users can read the private key than have to; with what chmod(1) is told to change that.
    case readableKey(path: String, mode: String)

    /// One line for the operator, without a full stop.
    public var description: String {
        switch self {
        case .missingIssuer(let path):
            "\(path) has no certificate of the issuer behind the first one: clients can't tell who vouches for it; "
                + "use the file with the whole chain"
        case .expired(let path, let time):
            "the certificate in \(path) has expired (\(Self.text(time))): \(Self.refusal)"
        case .notYetValid(let path, let time):
            "the certificate in \(path) is not valid yet (from \(Self.text(time)) on): \(Self.refusal)"
        case .readableKey(let path, let mode):
            "other users of this machine may read the key in \(path); to mend it: chmod \(mode) '\(path)'"
        }
    }

    private static let refusal = "clients refuse it unless they know its fingerprint"

    private static func text(_ unixSeconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(unixSeconds)).formatted(.iso8601)
    }
}
