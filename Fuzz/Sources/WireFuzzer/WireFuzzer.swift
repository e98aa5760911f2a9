import ChatProtocol

/// Every decoder that sees bytes from the network.
///
/// The first byte of the input says how the rest is cut into chunks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let cut = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    let chunks = stride(from: 0, to: bytes.count, by: Int(cut % 32) + 1).map { first in
        Array(bytes[first..<min(bytes.count, first + Int(cut % 32) + 1)])
    }

    if case .frame(let payload, let end) = try? Netstring.scan(bytes.span, limit: Limits.framedRequestBytes) {
        precondition(payload.upperBound < end && end <= bytes.count)
    }
    checkMessage(bytes)

    // How the bytes were cut must not matter to a client.
    precondition(responses([bytes]) == responses(chunks))

    var requests = UnframedRequestDecoder(limit: 200)
    for (index, chunk) in chunks.enumerated() {
        _ = requests.receive(chunk.span, filledReadBuffer: index.isMultiple(of: 3) && cut > 128)
    }
    _ = requests.giveUpWaiting()
    precondition(!requests.isWaiting)

    var impatient = UnframedResponseDecoder(limit: 200)
    for chunk in chunks {
        _ = impatient.receive(chunk.span)
        _ = impatient.giveUpWaiting()
    }
    precondition(!impatient.isWaiting)
    return 0
}

/// What is read is written so that it is read again.
private func checkMessage(_ bytes: [UInt8]) {
    guard let message = try? Message(decoding: bytes.span) else { return }
    var encoded: [UInt8] = []
    message.encode(into: &encoded)
    precondition((try? Message(decoding: encoded.span)) == message)

    let safe = SafeText(block: message.content)
    precondition(SafeText(block: safe.text) == safe)
    let key = NicknameKey(message.content)
    precondition(NicknameKey(key.folded) == key)

    if let request = try? Request(message) {
        precondition((try? Request(request.message)) == request)
        _ = try? request.unframedParts()
    }
    if let response = try? Response(message) {
        precondition((try? Response(response.message())) == response)
        for part in response.unframedParts(maximumBytes: 300) {
            _ = part.message(framing: .none)
        }
    }
}

private func responses(_ chunks: [[UInt8]]) -> [Result<Response, MessageError>] {
    var decoder = UnframedResponseDecoder()
    var results: [Result<Response, MessageError>] = []
    for chunk in chunks { results += decoder.receive(chunk.span) }
    return results + decoder.giveUpWaiting()
}
