import ChatProtocol

/// Every decoder that sees bytes from the network.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? Netstring.scan(bytes.span, limit: Limits.framedRequestBytes)
    return 0
}
