internal import ChatClient
internal import ChatInterface
internal import ChatProtocol

/// Reads the values of a preferences file as the types they stand for.
///
/// `null` means the same as leaving out the key.
struct PreferenceReader {
    let document: JSONDocument

    /// Creates an error at the position of a value.
    func error(_ node: JSONDocument.Node, _ reason: String) -> JSONError {
        JSONError(position: document.position(of: node.range.lowerBound), reason: reason)
    }

    /// Reads a text; an empty text counts as missing.
    func text(_ member: JSONDocument.Member) throws(JSONError) -> String? {
        switch member.node.value {
        case .null: return nil
        case .string(let text): return text.isEmpty ? nil : text
        default: throw error(member.node, "\"\(member.key)\" is a text in double quotes")
        }
    }

    /// Reads a color.
    func color(_ member: JSONDocument.Member) throws(JSONError) -> ChatColor? {
        switch member.node.value {
        case .null: return nil
        case .string(let text):
            if let color = ChatColor(text) { return color }
        default: break
        }
        throw error(member.node, "\"\(member.key)\" is a color such as \"#D333FF\"")
    }

    /// Reads a yes or no.
    func flag(_ member: JSONDocument.Member) throws(JSONError) -> Bool? {
        switch member.node.value {
        case .null: return nil
        case .boolean(let flag): return flag
        default: throw error(member.node, "\"\(member.key)\" is true or false")
        }
    }

    /// Reads a server address.
    func server(_ member: JSONDocument.Member) throws(JSONError) -> ServerAddress? {
        guard let text = try text(member) else { return nil }
        do throws(ServerAddressError) {
            return try ServerAddress(text)
        } catch {
            throw self.error(member.node, error.description)
        }
    }

    /// Reads how much encryption the user wants.
    func encryption(_ member: JSONDocument.Member) throws(JSONError) -> ConnectionSecurity.Encryption? {
        switch member.node.value {
        case .null: return nil
        case .string(let text):
            if let encryption = ConnectionSecurity.Encryption(rawValue: text) { return encryption }
        default: break
        }
        throw error(member.node, "\"\(member.key)\" is \"require\", \"prefer\" or \"off\"")
    }

    /// The notice about an unknown key.
    func unknown(_ member: JSONDocument.Member, among keys: [String]) -> String {
        let line = document.position(of: member.keyRange.lowerBound).line
        let near = ClosestName.find(member.key, among: keys)
        let key = SafeText(line: String(member.key.prefix(40))).text
        return "line \(line): \"\(key)\" is no preference" + (near.map { "; do you mean \"\($0)\"?" } ?? "")
    }
}
