import FuzzSupport

/// A room with a few connections, whose store and accounts answer late or not at all.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var reader = ByteReader(start, count)
    var host = RoomHost(from: &reader)
    while !reader.isAtEnd { host.step(&reader) }
    host.drain()
    return 0
}
