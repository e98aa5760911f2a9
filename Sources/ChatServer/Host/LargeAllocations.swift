internal import CMalloc

/// Where the C library takes large pieces of memory from.
enum LargeAllocations {
    /// Makes the system give each piece of 32 kB or more pages of its own.
    ///
    /// The TLS library gives every connection a buffer of 32 kB to read into, of
    /// which a chat uses the beginning. Out of the heap it would take memory that
    /// was used before, and is counted; out of fresh pages only the first is ever
    /// there. Such pieces are rare otherwise, so that the price, a system call
    /// for each, does not matter.
    static func useFreshPages() {
        mallopt(M_MMAP_THRESHOLD, 32 * 1024)
    }
}
