internal import ChatProtocol
internal import ChatSystem

/// A preferences file on the disk.
struct PreferencesFile: Hashable, Sendable {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 1_048_576

    /// The path, as the user gave it.
    let path: String

    /// Refers to the file that a flag names, or to the one in its usual place.
    ///
    /// - Parameters:
    ///   - named: The path from the flag, if given.
    ///   - variable: Looks up an environment variable; nil if it is missing or empty.
    init(named: String?, variable: (String) -> String?) {
        path = named ?? "\(ConfigurationFolder.path(variable: variable))/preferences.json"
    }

    init(path: String) {
        self.path = path
    }

    /// Reads the file; a missing file counts as empty preferences.
    ///
    /// - Throws: ``PreferencesError`` if the file can't be read or understood.
    func load() throws(PreferencesError) -> Preferences {
        guard let text = try text() else { return Preferences() }
        let document = try document(text)
        do throws(JSONError) {
            return try Preferences(document)
        } catch {
            throw PreferencesError(path: path, error)
        }
    }

    /// Writes the user's current nickname and color to the file.
    ///
    /// Only values that differ are changed, and the rest of the file stays as it is. The file is replaced in one step,
    /// so that it is complete at any moment. If it is a link, the link's target is replaced.
    ///
    /// - Parameters:
    ///   - nickname: The nickname; nil to leave it unchanged.
    ///   - color: The color; nil to leave it unchanged.
    /// - Throws: ``PreferencesError``; the file is then unchanged.
    func remember(nickname: String?, color: ChatColor?) throws(PreferencesError) {
        var text = try text() ?? EditedText(Array("{}\n".utf8))
        let existing = try document(text)
        var edited = existing
        let known: Preferences
        do throws(JSONError) {
            known = try Preferences(existing)
            if let nickname, nickname != known.nickname { try edited.set("nickname", to: nickname) }
            if let color, color.text != known.color?.text {
                // A file that was made for the original client must stay usable by it.
                let keys = edited.members?.map(\.key) ?? []
                let hasOriginalKey = keys.contains(OriginalPreferences.colorKey)
                if hasOriginalKey { try edited.set(OriginalPreferences.colorKey, to: color.text) }
                if keys.contains("color") || !hasOriginalKey { try edited.set("color", to: color.text) }
            }
        } catch {
            throw PreferencesError(path: path, error)
        }
        guard edited.bytes != existing.bytes else { return }
        text.utf8 = edited.bytes
        do throws(SystemError) {
            try File.replace(path, with: text.bytes, access: .unchanged)
        } catch {
            throw PreferencesError(path: path, "can't be written: \(error.reason)")
        }
    }

    private func text() throws(PreferencesError) -> EditedText? {
        do throws(SystemError) {
            return try File.read(path, maximumBytes: Self.maximumBytes).map { EditedText($0) }
        } catch {
            throw PreferencesError(path: path, "can't be read: \(error.reason)")
        }
    }

    private func document(_ text: EditedText) throws(PreferencesError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(text.utf8)
        } catch {
            throw PreferencesError(path: path, error)
        }
    }
}

/// Why a preferences file can't be used: one line with the file, the position and the reason.
struct PreferencesError: Error, Hashable, CustomStringConvertible {
    let description: String
    /// Whether the contents are wrong; false if the file itself can't be used.
    let isBroken: Bool

    init(path: String, _ reason: String) {
        description = SafeText(line: "\(path): \(reason)").text
        isBroken = false
    }

    init(path: String, _ error: JSONError) {
        description = SafeText(line: "\(path):\(error.position): \(error.reason)").text
        isBroken = true
    }
}
