internal import CMalloc

/// Where the C library gets large pieces of memory from.
enum LargeAllocations {
    /// Makes the system give each piece of 32 kB or more fresh pages.
    ///
    /// The TLS library gives every connection a buffer of 32 kB to read into, and a chat uses only its beginning.
    /// Memory from the heap was used before, so all of it counts. Of fresh pages only the first is ever really
    /// allocated. Other pieces of that size are rare, so the price, a system call for each, does not matter.
    static func useFreshPages() {
        mallopt(M_MMAP_THRESHOLD, 32 * 1024)
    }
}
