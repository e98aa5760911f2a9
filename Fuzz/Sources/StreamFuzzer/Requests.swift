import FuzzSupport

@testable import ChatProtocol

/// Whatever comes in whichever pieces, no more is held than was agreed.
func checkRequests(_ stream: [UInt8], _ cuts: Cuts) {
    for limit in [24, Limits.unframedRequestBytes] {
        var decoder = UnframedRequestDecoder(limit: limit)
        cuts.forEach(of: stream) { chunk, cut in
            _ = decoder.receive(chunk.span, cut.isFull ? .full : .prompt)
            check(decoder.heldBytes <= limit, "\(decoder.heldBytes) bytes of requests are held")
            guard cut.isFollowedByQuiet else { return }
            _ = decoder.giveUpWaiting()
            check(!decoder.isWaiting && decoder.heldBytes == 0, "the decoder waits after giving up")
        }
    }
}

/// What a user types stays text where it is read promptly, however the header
/// of the request that carries it is cut.
func checkWhatIsTyped(_ typed: [UInt8], _ cuts: Cuts) {
    for header in ["CHAT,rec=-ALL,", "KICK,user=a/,b,"] {
        var decoder = UnframedRequestDecoder()
        var results: [Result<Request, MessageError>] = []
        var position = 0
        var isInHeader = true
        let stream = Array(header.utf8) + typed
        cuts.forEach(of: stream) { chunk, _ in
            isInHeader = isInHeader && position + chunk.count < header.utf8.count
            guard isInHeader else { return }
            position += chunk.count
            results += decoder.receive(chunk.span, .prompt)
        }
        results += decoder.receive(Array(stream[position...]).span, .prompt)
        results += decoder.giveUpWaiting()
        check(results.count == 1, "one request becomes \(results.count)")
        switch results.first {
        case .success(.chat(let chat)): check(chat.text.utf8.elementsEqual(typed), "a text arrives as another")
        case .success(.kick(let kick)): check(kick.reason.utf8.elementsEqual(typed), "a reason arrives as another")
        case .success(let request): check(false, "text becomes \(request)")
        case .failure: check(String(validating: typed, as: UTF8.self) == nil, "a text is refused")
        case nil: break
        }
    }
}
