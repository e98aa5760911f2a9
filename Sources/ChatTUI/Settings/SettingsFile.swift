internal import ChatInterface
internal import ChatProtocol
internal import ChatSystem
internal import Configuration

/// A file of settings: one JSON object whose keys are named as the flags are.
struct SettingsFile: Sendable {
    /// The most that is read, in bytes.
    static let maximumBytes = 1_048_576

    /// The values, for swift-configuration.
    let provider: InMemoryProvider
    private let origins: [String: String]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - settings: What there is to set.
    /// - Throws: ``SettingsError`` that names the place of the first thing that is wrong.
    init(path: String, settings: [Setting]) throws(SettingsError) {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.read(path, maximumBytes: Self.maximumBytes)
        } catch {
            throw SettingsError("\(path): can't be read: \(error.reason)", isFile: true)
        }
        guard let bytes else { throw SettingsError("\(path): there is no such file", isFile: true) }
        try self.init(EditedText(bytes).utf8, path: path, settings: settings)
    }

    /// Takes the text of a file.
    init(_ bytes: [UInt8], path: String, settings: [Setting]) throws(SettingsError) {
        do throws(JSONError) {
            let document = try JSONDocument(bytes)
            (provider, origins) = try Self.values(in: document, path: path, settings: settings)
        } catch {
            throw SettingsError("\(path):\(error)", isFile: true)
        }
    }

    /// Where in the file a setting is, for messages.
    func origin(of setting: Setting) -> String { origins[setting.name] ?? setting.name }

    private static func values(
        in document: JSONDocument,
        path: String,
        settings: [Setting]
    ) throws(JSONError) -> (InMemoryProvider, [String: String]) {
        guard let members = document.members else {
            throw JSONError(
                position: document.position(of: document.root.range.lowerBound),
                reason: "an object { … } has to be here"
            )
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        var origins: [String: String] = [:]
        for member in members {
            let place = document.position(of: member.keyRange.lowerBound)
            guard let setting = settings.first(where: { $0.name == member.key }) else {
                throw JSONError(position: place, reason: unknown(member.key, among: settings))
            }
            guard origins[member.key] == nil else {
                throw JSONError(position: place, reason: "\"\(member.key)\" stands here for the second time")
            }
            let content = try content(of: member, for: setting, in: document)
            values[ServerSettings.key(of: setting)] = content.map { ConfigValue($0, isSecret: false) }
            origins[member.key] = "\(path):\(document.position(of: member.node.range.lowerBound)): \"\(member.key)\""
        }
        return (InMemoryProvider(name: path, values: values), origins)
    }

    /// `null` means the same as leaving the key out.
    private static func content(
        of member: JSONDocument.Member,
        for setting: Setting,
        in document: JSONDocument
    ) throws(JSONError) -> ConfigContent? {
        switch (member.node.value, setting.kind) {
        case (.null, _): return nil
        case (.boolean(let value), .flag): return .bool(value)
        case (.string(let text), .option), (.number(let text), .option): return .string(text)
        default:
            let allowed = setting.allowed ?? "a text in double quotes"
            let found: String
            switch member.node.value {
            case .object: found = "an object"
            case .array: found = "an array"
            case .string(let text): found = "'\(text)' in quotes"
            case .number(let text): found = text
            case .boolean(let value): found = "\(value)"
            case .null: found = "null"
            }
            throw JSONError(
                position: document.position(of: member.node.range.lowerBound),
                reason: "\"\(member.key)\" is \(allowed), not \(found)"
            )
        }
    }

    private static func unknown(_ key: String, among settings: [Setting]) -> String {
        let near = ClosestName.find(key, among: settings.map(\.name))
        let shown = SafeText(line: String(key.prefix(40))).text
        return "\"\(shown)\" is no setting" + (near.map { "; do you mean \"\($0)\"?" } ?? "")
    }
}

/// What is wrong with what the environment or the file sets, and where.
struct SettingsError: Error, Hashable, CustomStringConvertible {
    /// One line, safe to show.
    let description: String
    /// Whether it is in the file.
    let isFile: Bool

    init(_ description: String, isFile: Bool) {
        self.description = SafeText(line: description).text
        self.isFile = isFile
    }
}
