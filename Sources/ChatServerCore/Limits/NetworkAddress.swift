/// What a limit counts as one peer: an IPv4 address, or an IPv6 network of 64 bits.
///
/// One household or rented machine has a whole /64, so counting single IPv6 addresses would limit nothing.
public enum NetworkAddress: Hashable, Sendable {
    /// An IPv4 address, even if it came mapped into IPv6.
    case version4(UInt32)
    /// The upper half of an IPv6 address.
    case version6(network: UInt64)
    /// A unix socket: this machine.
    case local

    /// Reads the bytes of an address in network order; nil unless there are 4 or 16.
    public init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        switch bytes.count {
        case 4:
            self = .version4(Self.number(bytes[...]))
        case 16 where Array(bytes.prefix(12)) == mapped:
            self = .version4(Self.number(bytes.suffix(4)))
        case 16:
            self = .version6(network: Self.number(bytes.prefix(8)))
        default:
            return nil
        }
    }

    /// The bytes to make the same address again: 4 or 16, or none for ``local``.
    public var bytes: [UInt8] {
        switch self {
        case .version4(let number): Self.bytes(number)
        case .version6(let network): Self.bytes(network) + Self.bytes(0 as UInt64)
        case .local: []
        }
    }

    /// Whether the address tells one peer from another.
    ///
    /// Loopback stands for the machine itself and for every client of a proxy on it; the link-local network stands for
    /// everybody on the same wire.
    public var canBeBanned: Bool {
        if case .version6(let network) = self, network >> 54 == 0xFE80 >> 6 { return false }
        return !isLoopback
    }

    /// Whether it is this machine.
    public var isLoopback: Bool {
        switch self {
        case .version4(let number): number >> 24 == 127
        case .version6(let network): network == 0
        case .local: true
        }
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        bytes.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}
