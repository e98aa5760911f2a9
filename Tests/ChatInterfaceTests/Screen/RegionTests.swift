internal import Testing

@testable internal import ChatInterface

@Suite("Region")
struct RegionTests {
    @Test("Parts are taken off the edges")
    func taking() {
        var region = Region(row: 0, column: 0, rows: 30, columns: 100)
        #expect(region.takeTop(2) == Region(row: 0, column: 0, rows: 2, columns: 100))
        #expect(region.takeBottom(3) == Region(row: 27, column: 0, rows: 3, columns: 100))
        #expect(region.takeRight(18) == Region(row: 2, column: 82, rows: 25, columns: 18))
        #expect(region == Region(row: 2, column: 0, rows: 25, columns: 82))
    }

    @Test("No more is taken than there is", arguments: [5, 100, .max, 0, -1, .min])
    func tooMuch(_ count: Int) {
        var region = Region(row: 1, column: 2, rows: 4, columns: 3)
        let top = region.takeTop(count)
        #expect(top.rows + region.rows == 4)
        let bottom = region.takeBottom(count)
        let right = region.takeRight(count)
        #expect(right.columns + region.columns == 3)
        #expect(bottom.rows >= 0 && region.rows >= 0)
    }

    @Test("A region in the middle is no larger than the one around it")
    func centered() {
        let region = Region(row: 2, column: 10, rows: 10, columns: 21)
        #expect(region.centered(rows: 4, columns: 10) == Region(row: 5, column: 15, rows: 4, columns: 10))
        #expect(region.centered(rows: 40, columns: 100) == region)
        #expect(region.centered(rows: -4, columns: 0).isEmpty)
    }

    @Test("A place is in it or not")
    func contains() {
        let region = Region(row: 1, column: 1, rows: 2, columns: 2)
        #expect(region.contains(Grid.Position(row: 1, column: 1)))
        #expect(region.contains(Grid.Position(row: 2, column: 2)))
        #expect(!region.contains(Grid.Position(row: 3, column: 1)))
        #expect(!region.contains(Grid.Position(row: 1, column: 0)))
    }

    @Test("A negative size is none")
    func negative() {
        #expect(Region(row: 0, column: 0, rows: -1, columns: -5) == Region(row: 0, column: 0, rows: 0, columns: 0))
    }
}
