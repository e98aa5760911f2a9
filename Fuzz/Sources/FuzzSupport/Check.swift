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
///   - allowsLineFeed: Whether it may have several lines.
public func checkIsSafe(_ text: String, allowsLineFeed: Bool = false) {
    for scalar in text.unicodeScalars {
        let isAllowed =
            switch scalar.properties.generalCategory {
            case .control: allowsLineFeed && scalar == "\n"
            case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
            case .lineSeparator, .paragraphSeparator, .surrogate: false
            default: !scalar.properties.isNoncharacterCodePoint
            }
        check(isAllowed, "U+\(String(scalar.value, radix: 16)) is shown in \(text.debugDescription)")
    }
}
