public import Foundation

/// What the original's programs said to each other, as a recorder between them saw it.
public struct Recording: Sendable {
    /// One read of the recorder's: mostly one message, sometimes two glued together.
    public struct Row: Sendable, CustomStringConvertible {
        /// Which connection.
        public var peer: String
        /// Who wrote it.
        public var direction: Direction
        /// What was written.
        public var text: String
        /// Its line in the file.
        public var line: Int

        /// The row's place in the file, and its text.
        public var description: String { "\(line): \(text)" }
    }

    /// Who wrote a row.
    public enum Direction: String, Sendable {
        /// The client: requests.
        case client
        /// The server: responses.
        case server
    }

    /// All rows that carry text, in the order of time.
    public let rows: [Row]

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - url: A file with one JSON object a line.
    ///   - replacements: What to read in place of other text, for servers that do not take every nickname.
    /// - Throws: Whatever reading or decoding it throws.
    public init(contentsOf url: URL, replacing replacements: [(String, with: String)] = []) throws {
        struct Line: Decodable {
            var peer: String
            var dir: String
            var utf8: String?
        }
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        rows = try lines.enumerated().compactMap { offset, line in
            let row = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            guard let text = row.utf8, let direction = Direction(rawValue: row.dir) else { return nil }
            let read = replacements.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.with) }
            return Row(peer: row.peer, direction: direction, text: read, line: offset + 1)
        }
    }

    /// For this project's server, which takes no nickname with a comma.
    public static let withoutComma = [("foo/,bar", with: "foo/=bar"), ("foo,bar", with: "foo=bar")]

    /// What one side of one connection wrote, in order.
    public func rows(_ direction: Direction, peer: String? = nil) -> [Row] {
        rows.filter { $0.direction == direction && (peer == nil || $0.peer == peer) }
    }
}
