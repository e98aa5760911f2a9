internal import NIOCore
internal import Testing

@testable internal import ChatClient

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

@Suite("Why there is no connection")
struct ConnectFailureTests {
    @Test(
        "is told by the system's number",
        arguments: [
            (ECONNREFUSED, .refused),
            (ENETUNREACH, .unreachable),
            (EHOSTUNREACH, .unreachable),
            (ETIMEDOUT, .timedOut),
        ] as [(CInt, ConnectFailure)]
    )
    func numbers(code: CInt, failure: ConnectFailure) {
        #expect(ConnectFailure(errno: code) == failure)
        #expect(ConnectFailure(IOError(errnoCode: code, reason: "connect")) == failure)
    }

    @Test("is told where the connection took too long")
    func timeout() {
        #expect(ConnectFailure(ChannelError.connectTimeout(.seconds(1))) == .timedOut)
    }

    @Test("says what to look at next")
    func words() throws {
        let address = try ServerAddress("example.org:7000")
        let sentences: [(ConnectFailure, String)] = [
            (.unknownHost, "No server is known by the name example.org: check the spelling and your network."),
            (
                .refused,
                "example.org is there, but no chat answers on port 7000: check the port, or start the server."
            ),
            (.unreachable, "example.org can't be reached from here: check your network."),
            (
                .timedOut,
                "example.org does not answer on port 7000: check the address, or a firewall between."
            ),
            (.other("Strange."), "Connecting to example.org:7000 failed: Strange."),
        ]
        for (failure, sentence) in sentences {
            #expect(failure.explanation(of: address) == sentence)
        }
    }
}
