import ChatProtocol
import FuzzSupport

/// Everything that reads bytes or text from the network in one piece.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    checkMessage(bytes)
    checkRequest(bytes)
    checkResponse(bytes)
    checkNetstring(bytes, limit: Limits.framedRequestBytes)
    checkNetstring(bytes, limit: 20)
    let maximum = Int(bytes.first ?? 0) % 40
    checkText(String(decoding: bytes, as: UTF8.self), maximumBytes: maximum)
    // Bytes seldom fall into place as characters that mean trouble.
    var reader = ByteReader(start, count)
    checkText(reader.text(upTo: 200), maximumBytes: maximum)
    return 0
}

/// A netstring is found where one is, whole, and not before it is all there.
func checkNetstring(_ bytes: [UInt8], limit: Int) {
    guard case .frame(let payload, let end)? = try? Netstring.scan(bytes.span, limit: limit) else { return }
    check(payload.count <= limit, "a netstring is longer than the limit")
    var again: [UInt8] = []
    Netstring.encode(Array(bytes[payload]), into: &again)
    check(again.elementsEqual(bytes[..<end]), "a netstring does not encode to itself")
    let short = try? Netstring.scan(bytes.span.extracting(0..<end - 1), limit: limit)
    check(short == .incomplete, "a netstring is found before its end")
}
