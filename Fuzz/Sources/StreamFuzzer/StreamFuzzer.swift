import FuzzSupport

/// The readers of unframed streams, cut anywhere.
///
/// The input says how the stream is cut, then comes the stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var reader = ByteReader(start, count)
    let cuts = Cuts(from: &reader)
    let stream = reader.rest()
    checkRequests(stream, cuts)
    checkWhatIsTyped(stream, cuts)
    checkResponses(stream, cuts)
    checkThatCutsMakeNoDifference(stream, cuts)
    return 0
}

/// How a stream arrives: in chunks of these lengths, over and over.
struct Cuts {
    /// A chunk, and what happens right after it.
    struct Cut {
        var length: Int
        /// Whether the chunk filled the reader's buffer.
        var isFull: Bool
        /// Whether nothing more comes for a while.
        var isFollowedByQuiet: Bool
    }

    let cuts: [Cut]

    init(from reader: inout ByteReader) {
        let count = 1 + reader.number(below: 8)
        cuts = (0..<count).map { _ in
            let byte = Int(reader.byte())
            return Cut(length: 1 + byte & 0x3F, isFull: byte & 0x40 != 0, isFollowedByQuiet: byte & 0x80 != 0)
        }
    }

    /// Hands out a stream chunk by chunk.
    func forEach(of stream: [UInt8], _ body: ([UInt8], Cut) -> Void) {
        var rest = stream[...]
        var number = 0
        while !rest.isEmpty {
            let cut = cuts[number % cuts.count]
            body(Array(rest.prefix(cut.length)), cut)
            rest = rest.dropFirst(cut.length)
            number += 1
        }
    }
}
