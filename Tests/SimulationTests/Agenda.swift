/// What is to happen, by time; of the same time, in the order of planning.
struct Agenda<Element> {
    private struct Entry {
        var time: Int64
        var serial: Int
        var element: Element

        func precedes(_ other: Entry) -> Bool {
            (time, serial) < (other.time, other.serial)
        }
    }

    /// A binary heap with the next at its root.
    private var heap: [Entry] = []
    private var serial = 0

    mutating func add(_ element: Element, at time: Int64) {
        serial += 1
        heap.append(Entry(time: time, serial: serial, element: element))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next(until end: Int64) -> (time: Int64, element: Element)? {
        guard let first = heap.first, first.time <= end, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.time, first.element) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            guard least != parent else { return (first.time, first.element) }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
