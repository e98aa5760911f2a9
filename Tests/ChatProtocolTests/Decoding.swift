internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation

extension Message {
    init(text: String) throws(MessageError) {
        try self.init(bytes: Array(text.utf8))
    }

    init(bytes: [UInt8]) throws(MessageError) {
        self = try Message(decoding: bytes.span)
    }

    /// The message as the wire has it, by the rules of the protocol's description.
    var text: String {
        let pairs = parameters.pairs.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
        return "\(reason),\(pairs.joined(separator: ";")),\(content)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if ",;=/".unicodeScalars.contains(scalar) { escaped.append("/") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

extension Request {
    init(text: String) throws(MessageError) {
        self = try Request(try Message(text: text))
    }

    func text(_ framing: Framing) -> String {
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: framing)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Response {
    init(text: String) throws(MessageError) {
        self = try Response(try Message(text: text))
    }

    func text(_ framing: Framing) -> String {
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: framing)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a function throws, as a value that can be compared.
func fault(_ body: () throws(MessageError) -> some Any) -> MessageError? {
    do throws(MessageError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

extension Recording {
    /// What the original server and scripted clients said.
    static func originalServer() throws -> Recording {
        try fixture("original-server")
    }

    /// What the original client and the original server said.
    static func originalClient() throws -> Recording {
        try fixture("original-client")
    }

    private static func fixture(_ name: String) throws -> Recording {
        guard let url = Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Fixtures") else {
            throw CocoaError(.fileNoSuchFile)
        }
        return try Recording(contentsOf: url)
    }

    /// All rows of one direction, of both recordings.
    static func allRows(_ direction: Direction) -> [Row] {
        let recordings = [try? originalServer(), try? originalClient()].compactMap { $0 }
        return recordings.flatMap { $0.rows(direction) }
    }
}
