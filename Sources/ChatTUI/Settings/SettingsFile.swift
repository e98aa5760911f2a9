internal import ChatInterface
internal import ChatProtocol
internal import ChatSystem

/// A settings file: one JSON object whose keys have the names of the flags.
enum SettingsFile {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 1_048_576

    /// Reads the settings in a file, by name.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - settings: All settings that exist.
    /// - Throws: ``SettingsError`` with the position of the first mistake.
    static func read(_ path: String, settings: [Setting]) throws(SettingsError) -> [String: ServerSettings.Value] {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.read(path, maximumBytes: maximumBytes)
        } catch {
            throw SettingsError("\(path): can't be read: \(error.reason)", isFile: true)
        }
        guard let bytes else { throw SettingsError("\(path): there is no such file", isFile: true) }
        return try values(in: EditedText(bytes).utf8, path: path, settings: settings)
    }

    /// Reads the settings from the bytes of a file.
    static func values(
        in bytes: [UInt8],
        path: String,
        settings: [Setting]
    ) throws(SettingsError) -> [String: ServerSettings.Value] {
        do throws(JSONError) {
            let document = try JSONDocument(bytes)
            guard let members = document.members else {
                throw JSONError(
                    position: document.position(of: document.root.range.lowerBound),
                    reason: "an object { … } has to be here"
                )
            }
            var values: [String: ServerSettings.Value] = [:]
            for member in members {
                let place = document.position(of: member.keyRange.lowerBound)
                guard let setting = settings.first(where: { $0.name == member.key }) else {
                    throw JSONError(position: place, reason: unknown(member.key, among: settings))
                }
                let position = document.position(of: member.node.range.lowerBound)
                guard let text = try text(of: member, for: setting, at: position) else { continue }
                let origin = "\(path):\(position): \"\(member.key)\""
                let value = located(text, of: setting, beside: path)
                values[member.key] = ServerSettings.Value(text: value, origin: origin, isFile: true)
            }
            return values
        } catch {
            throw SettingsError("\(path):\(error)", isFile: true)
        }
    }

    /// The value with the path that it means: a relative one starts at the settings file's folder.
    private static func located(_ text: String, of setting: Setting, beside path: String) -> String {
        guard let prefix = setting.pathPrefix, text.hasPrefix(prefix), let slash = path.lastIndex(of: "/") else {
            return text
        }
        let own = text.dropFirst(prefix.count)
        return own.isEmpty || own.hasPrefix("/") ? text : prefix + path[...slash] + own
    }

    /// The value in the form that the flag understands; `null` means the same as leaving out the key.
    private static func text(
        of member: JSONDocument.Member,
        for setting: Setting,
        at position: JSONError.Position
    ) throws(JSONError) -> String? {
        let found: String
        switch member.node.value {
        case .null: return nil
        case .boolean(let value) where setting.isFlag: return "\(value)"
        case .string(let text), .number(let text):
            if !setting.isFlag, let normalized = setting.normalized(text) { return normalized }
            found = Double(text) == nil ? "'\(text)'" + (setting.isFlag ? " in quotes" : "") : text
        case .boolean(let value): found = "\(value)"
        case .object: found = "an object"
        case .array: found = "an array"
        }
        let allowed = setting.allowed ?? "a text in double quotes"
        throw JSONError(position: position, reason: "\"\(member.key)\" is \(allowed), not \(found)")
    }

    private static func unknown(_ key: String, among settings: [Setting]) -> String {
        let near = ClosestName.find(key, among: settings.map(\.name))
        let shown = SafeText(line: String(key.prefix(40))).text
        return "\"\(shown)\" is no setting" + (near.map { "; do you mean \"\($0)\"?" } ?? "")
    }
}
