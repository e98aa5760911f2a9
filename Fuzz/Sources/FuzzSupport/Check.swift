/// Ends the run with words about what does not hold.
///
/// Not `precondition`, which says nothing in a release build.
public func check(
    _ condition: @autoclosure () -> Bool,
    _ words: @autoclosure () -> String,
    file: StaticString = #file,
    line: UInt = #line
) {
    if !condition() { fatalError(words(), file: file, line: line) }
}

/// Checks that nothing in a text can harm a terminal or deceive its reader.
///
/// - Parameters:
///   - text: Text as it is shown.
///   - isBlock: Whether it may have several lines, and what is invisible and harmless.
public func checkIsSafe(_ text: String, isBlock: Bool = false) {
    for scalar in text.unicodeScalars {
        let isAllowed =
            switch scalar.properties.generalCategory {
            case .control: isBlock && scalar == "\n"
            case .format: scalar == "\u{200C}" || scalar == "\u{200D}" || isBlock && isHarmless(scalar)
            case .lineSeparator, .paragraphSeparator, .surrogate: false
            default: !scalar.properties.isNoncharacterCodePoint
            }
        check(isAllowed, "U+\(String(scalar.value, radix: 16)) is shown in \(text.debugDescription)")
    }
}

/// Zero-width spaces, soft hyphens, marks of direction, invisible signs of
/// mathematics, the byte-order mark and the tags of flags.
private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060...0x2064, 0xFEFF, 0xE0020...0xE007F: true
    default: false
    }
}
