internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Netstring")
struct NetstringTests {
    private func scan(_ text: String, limit: Int = 1000) throws(FramingError) -> Netstring.Scan {
        let bytes = Array(text.utf8)
        return try Netstring.scan(bytes.span, limit: limit)
    }

    private func fault(_ text: String, limit: Int = 1000) -> FramingError? {
        do throws(FramingError) {
            _ = try scan(text, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a whole netstring is found at the front",
        arguments: [
            ("0:,", 2..<2, 3),
            ("1:a,", 2..<3, 4),
            ("12:hello world!,", 3..<15, 16),
            ("3:a,b,5:xxxxx,", 2..<5, 6),
            ("2::,,", 2..<4, 5),
            ("3:12:,rest", 2..<5, 6),
        ]
    )
    func complete(_ text: String, _ payload: Range<Int>, _ end: Int) throws {
        #expect(try scan(text) == .frame(payload: payload, end: end))
    }

    @Test("every beginning of a netstring is incomplete")
    func incomplete() throws {
        let text = "12:hello world!,"
        for count in 0..<text.utf8.count {
            #expect(try scan(String(text.prefix(count))) == .incomplete)
        }
        #expect(try scan("0") == .incomplete)
        #expect(try scan("9999999", limit: 1) == .incomplete)
    }

    @Test(
        "what is no netstring says why",
        arguments: [
            (":a,", FramingError.missingLength),
            (",", .missingLength),
            ("x", .missingLength),
            ("-1:", .missingLength),
            (" 1:a,", .missingLength),
            ("\u{0}", .missingLength),
            ("00:,", .invalidLength),
            ("01:a,", .invalidLength),
            ("007", .invalidLength),
            ("1a", .invalidLength),
            ("1 :", .invalidLength),
            ("1,", .invalidLength),
            ("12345678", .invalidLength),
            ("99999999999999999999999", .invalidLength),
            ("1001:", .tooLong(1001)),
            ("9999999:", .tooLong(9_999_999)),
            ("1:ab", .missingComma),
            ("0:x", .missingComma),
            ("3:abc:", .missingComma),
        ]
    )
    func malformed(_ text: String, _ error: FramingError) {
        #expect(fault(text) == error)
    }

    @Test("the limit is the longest payload that is taken")
    func limit() throws {
        #expect(try scan("10:0123456789,", limit: 10) == .frame(payload: 3..<13, end: 14))
        #expect(fault("10:0123456789,", limit: 9) == .tooLong(10))
        // Judged before any of the payload is there.
        #expect(fault("10:", limit: 9) == .tooLong(10))
    }

    @Test("the limits of the protocol can be written in the digits allowed")
    func digits() {
        #expect(String(Limits.framedResponseBytes).count <= Limits.netstringLengthDigits)
        #expect(String(Limits.framedRequestBytes).count <= Limits.netstringLengthDigits)
    }

    @Test("what is encoded is found again, however it arrives", arguments: UInt64(0)..<50)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let payloads = (0..<5).map { _ in generator.bytes(Int.random(in: 0...40, using: &generator)) }
        var stream: [UInt8] = []
        for payload in payloads { Netstring.encode(payload, into: &stream) }

        var buffer: [UInt8] = []
        var found: [[UInt8]] = []
        for piece in generator.pieces(of: stream, upTo: 7) {
            buffer += piece
            while case .frame(let payload, let end) = try Netstring.scan(buffer.span, limit: 100) {
                found.append(Array(buffer[payload]))
                buffer.removeFirst(end)
            }
        }
        #expect(found == payloads)
        #expect(buffer.isEmpty)
    }

    @Test("random bytes never trap and never run past the buffer", arguments: UInt64(0)..<200)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            var bytes = generator.bytes(Int.random(in: 0...20, using: &generator))
            if Bool.random(using: &generator) { bytes = Array("12:".utf8) + bytes }
            if case .frame(let payload, let end) = try? Netstring.scan(bytes.span, limit: 1000) {
                #expect(payload.upperBound < end && end <= bytes.count)
            }
        }
    }
}
