extension RandomAccessCollection {
    /// The first index whose element matches, by binary search; `endIndex` if none does.
    ///
    /// In the collection all elements that don't match must come before all that do.
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
