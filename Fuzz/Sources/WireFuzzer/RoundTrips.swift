import ChatProtocol
import FuzzSupport

func checkMessage(_ bytes: [UInt8]) {
    guard let message = try? Message(decoding: bytes.span) else { return }
    check(bytes.count >= message.reason.utf8.count + message.content.utf8.count + 2, "a message is more than its bytes")
}

func checkRequest(_ bytes: [UInt8]) {
    guard let request = try? Request(decoding: bytes.span) else { return }
    check((try? Request(decoding: encoded(request, .netstring).span)) == request, "a request does not decode to itself")

    // Without framing some keys are left out; what is left has to last.
    let plain = encoded(request, .none)
    let kept = try? Request(decoding: plain.span)
    check(kept.map { encoded($0, .none) } == plain, "an unframed request does not decode to itself")

    guard let parts = try? request.unframedParts() else { return }
    var text = ""
    for part in parts {
        let bytes = encoded(part, .none)
        check(bytes.count <= Limits.unframedMessageBytes, "an unframed request is too long")
        var decoder = UnframedRequestDecoder()
        let received = decoder.receive(bytes.span, .prompt)
        check(received.count == 1 && !decoder.isWaiting, "an unframed request is not received alone")
        if case .success(.chat(let chat))? = received.first { text += chat.text }
    }
    if case .chat(let chat) = request { check(text.utf8.elementsEqual(chat.text.utf8), "parts of a chat are lost") }
}

func checkResponse(_ bytes: [UInt8]) {
    guard let response = try? Response(decoding: bytes.span) else { return }
    let framed = encoded(response, .netstring)
    check((try? Response(decoding: framed.span)) == response, "a response does not decode to itself")

    let plain = encoded(response, .none)
    let kept = try? Response(decoding: plain.span)
    check(kept.map { encoded($0, .none) } == plain, "an unframed response does not decode to itself")

    var text = ""
    for part in response.unframedParts() {
        let bytes = encoded(part, .none)
        if isHeaderShort(response) {
            check(bytes.count <= Limits.unframedMessageBytes, "an unframed response is too long")
        }
        if case .chat(let chat) = part.body { text += chat.text }
    }
    if case .chat(let chat) = response.body {
        check(text.utf8.elementsEqual(chat.text.utf8), "parts of a chat are lost")
    }
}

/// Whether the nicknames and colors are such as a server lets in.
private func isHeaderShort(_ response: Response) -> Bool {
    switch response.body {
    case .chat(let chat): chat.sender.utf8.count + chat.recipient.wire.utf8.count + chat.color.utf8.count < 500
    case .info(let info): info.sender.utf8.count < 500
    default: true
    }
}

private func encoded(_ request: Request, _ framing: Framing) -> [UInt8] {
    var bytes: [UInt8] = []
    request.encode(into: &bytes, framing: framing)
    return bytes
}

private func encoded(_ response: Response, _ framing: Framing) -> [UInt8] {
    var bytes: [UInt8] = []
    response.encode(into: &bytes, framing: framing)
    return bytes
}
