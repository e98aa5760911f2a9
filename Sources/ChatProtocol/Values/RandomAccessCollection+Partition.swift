extension RandomAccessCollection {
    /// The first index whose element belongs to the second part of a collection
    /// that has two: first all elements that don't match, then all that do.
    ///
    /// A binary search; `endIndex` where no element matches.
    @inlinable
    public func partitioningIndex<E: Error>(where isInSecondPart: (Element) throws(E) -> Bool) throws(E) -> Index {
        var start = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(start, offsetBy: half)
            if try isInSecondPart(self[middle]) {
                count = half
            } else {
                start = index(after: middle)
                count -= half + 1
            }
        }
        return start
    }
}
