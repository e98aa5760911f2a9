enum CompatibilityFolding {
    static let table: [Unicode.Scalar: String] = [:]
}
