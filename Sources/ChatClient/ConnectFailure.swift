internal import ChatProtocol
internal import ChatSecurity
internal import NIOCore
internal import NIOPosix

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Why connecting failed, with a case for each cause that a user can do something about.
enum ConnectFailure: Hashable {
    /// The host name has no address.
    case unknownHost
    /// The machine can be reached, but nothing listens on the port.
    case refused
    /// There is no route to the machine.
    case unreachable
    /// Nothing answered.
    case timedOut
    /// Any other cause, in the system's words.
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError:
            // IPv6 and IPv4 may each fail; the failure of the one that got further says more.
            let attempts = error.connectionErrors.map { ConnectFailure($0.error) }
            self =
                attempts.first { $0 == .refused }
                ?? attempts.first { $0 == .timedOut }
                ?? attempts.first
                ?? .unknownHost
        case let error as IOError:
            self.init(errno: error.errnoCode)
        case is ChannelError:
            if case .connectTimeout? = error as? ChannelError {
                self = .timedOut
            } else {
                self = .other("\(error)")
            }
        default:
            self = .other("\(error)")
        }
    }

    init(errno code: CInt) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL: self = .unreachable
        case ETIMEDOUT: self = .timedOut
        default: self = .other(IOError(errnoCode: code, reason: "connect").description)
        }
    }

    /// Explains the failure in one sentence, with what to check next.
    func explanation(of address: ServerAddress) -> String {
        switch self {
        case .unknownHost:
            "No server is known by the name \(address.host): check the spelling and your network."
        case .refused:
            "\(address.host) is there, but no chat answers on port \(address.port): check the port, or start the server."
        case .unreachable:
            "\(address.host) can't be reached from here: check your network."
        case .timedOut:
            "\(address.host) does not answer on port \(address.port): check the address, or a firewall between."
        case .other(let words):
            "Connecting to \(address) failed: \(words)"
        }
    }
}

/// Explains, in words for the user, why an open connection was lost.
enum ConnectionLoss {
    static func explanation(of error: any Error) -> String {
        switch error {
        case let error as FramingError:
            "The server sent something that is not the chat's protocol: \(error)."
        case let error where TLSEnd.isMissing(error):
            // A proper end of TLS has its own goodbye; without it the connection was cut.
            "The connection was cut off."
        case let error as IOError:
            switch error.errnoCode {
            case ECONNRESET, EPIPE: "The connection was cut off."
            case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENETDOWN: "The network to the server is gone."
            default: "The connection failed: \(error.description)"
            }
        default:
            "The connection failed: \(error)"
        }
    }
}
