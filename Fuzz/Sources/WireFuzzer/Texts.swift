import ChatProtocol
import FuzzSupport

func checkText(_ text: String, maximumBytes: Int) {
    checkSplitting(text, maximumBytes: maximumBytes)
    checkSafety(text)
    _ = ChatColor(text)
    _ = WireTime(text)
    _ = MessageID(text)
    checkNickname(text)
}

private func checkSplitting(_ text: String, maximumBytes: Int) {
    let parts = TextSplitting.split(text, maximumBytes: maximumBytes)
    check(parts.joined().utf8.elementsEqual(text.utf8), "the parts of a text are not the text")
    check(parts.allSatisfy { $0.utf8.count <= max(4, maximumBytes) }, "a part of a text is too long")
    check(parts == [""] || parts.allSatisfy { !$0.isEmpty }, "a part of a text is empty")
}

private func checkSafety(_ text: String) {
    let line = SafeText(line: text).text
    let block = SafeText(block: text).text
    checkIsSafe(line)
    checkIsSafe(block, isBlock: true)
    check(SafeText(line: line).text.utf8.elementsEqual(line.utf8), "a safe line is made safe again")
    check(SafeText(block: block).text.utf8.elementsEqual(block.utf8), "a safe block is made safe again")
}

private func checkNickname(_ text: String) {
    let key = NicknameKey(text)
    check(NicknameKey(key.folded) == key, "a folded nickname folds to another")
    let look = NicknameLook(text)
    check(look.resembles(look), "a nickname does not look like itself")
    guard let nickname = try? Nickname(text) else { return }
    check(nickname.key == key, "a nickname has another key than its text")
    // What is let in is shown as it is, but for marks piled up.
    checkIsSafe(nickname.text)
}
