internal import ChatSystem
internal import Glibc
internal import NIOCore

extension ServerError {
    /// Creates the error for an address that can't be listened on.
    init(binding address: SocketAddress, named host: String, _ error: any Error) {
        let code = (error as? IOError)?.errnoCode ?? 0
        let port = address.port ?? 0
        let place = address.ipAddress ?? host
        switch code {
        case EADDRINUSE:
            self.init("port \(port) is already in use on \(place)")
        case EACCES, EPERM:
            self.init("no permission to listen on port \(port) of \(place)")
        case EADDRNOTAVAIL:
            self.init("\(place) is no address of this machine")
        case EINVAL where place.hasPrefix("fe80:"):
            self.init(
                "\(place) is an address of one network only: write through which interface, as in \(place)%eth0"
            )
        default:
            let reason = code == 0 ? "\(error)" : SystemError("bind", number: code).reason
            self.init("can't listen on port \(port) of \(place): \(reason)")
        }
        isPortInUse = code == EADDRINUSE
        isMissingFamily = code == EAFNOSUPPORT || code == EADDRNOTAVAIL && (place == "::" || place == "::1")
    }
}
