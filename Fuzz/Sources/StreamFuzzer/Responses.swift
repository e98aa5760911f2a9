import FuzzSupport

@testable import ChatProtocol

/// Whatever comes in whichever pieces, no more is held than was agreed.
func checkResponses(_ stream: [UInt8], _ cuts: Cuts) {
    for limit in [64, 300, Limits.unframedResponseBytes] {
        var decoder = UnframedResponseDecoder(limit: limit)
        cuts.forEach(of: stream) { chunk, cut in
            _ = decoder.receive(chunk.span)
            check(decoder.heldBytes <= limit, "\(decoder.heldBytes) bytes of responses are held")
            guard cut.isFollowedByQuiet else { return }
            _ = decoder.giveUpWaiting()
            check(!decoder.isWaiting, "the decoder waits after giving up")
        }
    }
}

/// Where nothing pauses, only the bytes count.
func checkThatCutsMakeNoDifference(_ stream: [UInt8], _ cuts: Cuts) {
    var whole = UnframedResponseDecoder()
    let expected = whole.receive(stream.span) + whole.giveUpWaiting()
    var decoder = UnframedResponseDecoder()
    var results: [Result<Response, MessageError>] = []
    cuts.forEach(of: stream) { chunk, _ in results += decoder.receive(chunk.span) }
    results += decoder.giveUpWaiting()
    check(results == expected, "cut, a stream is read as \(results), whole as \(expected)")
    check(decoder.rest == whole.rest, "cut, a stream leaves something else for netstrings")
}
