internal import ChatProtocol
internal import Testing

@Suite("Binary search")
struct PartitionTests {
    @Test("finds where the second part begins, whatever the size of both", arguments: 0...9)
    func everyPlace(count: Int) {
        for place in 0...count {
            #expect(Array(0..<count).partitioningIndex { $0 >= place } == place)
            // Of a slice the index is the slice's own.
            #expect(Array(-3..<count)[3...].partitioningIndex { $0 >= place } == place + 3)
        }
    }
}
