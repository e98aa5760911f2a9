internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOEmbedded
internal import NIOTLS
internal import Testing

@testable internal import ChatClient

@Suite("A handshake")
struct TLSHandshakeTests {
    /// What happens on the network.
    enum Step: Sendable {
        case bytes([UInt8])
        case milliseconds(Int64)
        case closes
        case completes
    }

    /// Plays steps and gives what came of the handshake; nil while nothing did.
    private func outcome(_ steps: [Step]) throws -> TLSFailure?? {
        let channel = EmbeddedChannel()
        channel.connect(to: try SocketAddress(ipAddress: "192.0.2.1", port: 6666), promise: nil)
        let patience = TLSHandshake.Patience(firstByte: .milliseconds(1000), rest: .milliseconds(10_000))
        let outcome = NIOLockedValueBox<TLSFailure??>(nil)
        try TLSHandshake.perform(on: channel, with: StandIn(), patience: patience).whenSuccess { failure in
            outcome.withLockedValue { $0 = .some(failure) }
        }
        for step in steps {
            switch step {
            case .bytes(let bytes): try channel.writeInbound(ByteBuffer(bytes: bytes))
            case .milliseconds(let time): channel.embeddedEventLoop.advanceTime(by: .milliseconds(time))
            case .closes: channel.pipeline.fireChannelInactive()
            case .completes:
                channel.pipeline.fireUserInboundEventTriggered(
                    TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil)
                )
            }
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return outcome.withLockedValue { $0 }
    }

    @Test(
        "is told from silence, a hang-up, something else and a handshake gone wrong",
        arguments: [
            ([.milliseconds(1000)], .silence),
            ([.closes], .closed),
            ([.milliseconds(999), .closes], .closed),
            ([.bytes(Array("ERR,time=".utf8))], .notTLS),
            ([.bytes(Array("\u{16}HTTP".utf8))], .notTLS),
            ([.milliseconds(999), .bytes([0x16]), .milliseconds(9999), .completes], nil),
            ([.bytes([0x16, 0x03, 0x03]), .completes], nil),
            ([.bytes([0x16]), .milliseconds(10_000)], .handshake("it does not go on")),
            ([.bytes([0x16, 0x03]), .closes], .handshake("the server closed the connection")),
            ([.bytes([0x15, 0x03, 0x03]), .closes], .handshake("the server closed the connection")),
            ([.bytes([0x16, 0x03]), .bytes(Array("anything".utf8)), .completes, .closes], nil),
        ] as [([Step], TLSFailure?)]
    )
    func outcomes(steps: [Step], expected: TLSFailure?) throws {
        #expect(try outcome(steps) == .some(expected))
    }

    @Test(
        "nothing is decided before it is time",
        arguments: [[.milliseconds(999)], [.bytes([0x16]), .milliseconds(9999)]] as [[Step]]
    )
    func patience(steps: [Step]) throws {
        // What the end of the test itself brings about comes after these steps.
        let decided = try outcome(steps + [.completes])
        #expect(decided == .some(nil))
    }

    @Test("the library's words lose its numbers")
    func words() {
        struct LibraryError: Error, CustomStringConvertible {
            let description =
                "handshakeFailed(sslError([Error: 268436496 error:10000410:SSL routines:"
                + "OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE at tls_record.cc:592]))"
        }
        #expect(TLSFailure.words(for: LibraryError()) == "sslv3 alert handshake failure")
        #expect(TLSFailure.words(for: ChannelError.eof) == "\(ChannelError.eof)")
    }

    /// Stands where the library's handler stands.
    private final class StandIn: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
    }
}
