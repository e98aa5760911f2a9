import FuzzSupport

/// A session with a hostile server, a hasty user and timers that fire whenever.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var reader = ByteReader(start, count)
    var host = SessionHost(from: &reader)
    while !reader.isAtEnd, !host.isFinished { host.step(&reader) }
    return 0
}
