import ChatInterface
import ChatProtocol
import FuzzSupport

/// An interface under any keys, pastes, sizes and news, looked at after each.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var reader = ByteReader(start, count)
    var interface = Interface(.arbitrary(&reader))
    var now = Timestamp(unixMilliseconds: 1_800_000_000_000, utcOffsetSeconds: 3600)
    // Screens are dear: a long input would only say the same again.
    for _ in 0..<80 where !reader.isAtEnd {
        let pause = Int64(reader.pick([0, 0, 10, 1000, 100_000]))
        now = Timestamp(unixMilliseconds: now.unixMilliseconds + pause, utcOffsetSeconds: 3600)
        let event = InterfaceEvent.arbitrary(&reader)
        trace("\(event)")
        let effects = interface.update(event, at: now)
        check(effects.count <= 8, "\(effects.count) effects come of one event")
        check(interface.view())
    }
    check(interface.view() == interface.view(), "looking at the screen changes it")
    return 0
}
