internal import ChatProtocol
internal import ChatSystem

/// A preferences file on disk.
struct PreferencesFile: Hashable, Sendable {
    /// The most that is read, in bytes.
    static let maximumBytes = 1_048_576

    /// Where it is, as the user names it.
    let path: String

    /// The file that a flag names, or the one in its usual place.
    ///
    /// - Parameters:
    ///   - named: What the flag says.
    ///   - variable: Looks up an environment variable; nil for missing or empty.
    init(named: String?, variable: (String) -> String?) {
        path = named ?? "\(ConfigurationFolder.path(variable: variable))/preferences.json"
    }

    init(path: String) {
        self.path = path
    }

    /// Reads it; no file is no preferences.
    ///
    /// - Throws: ``PreferencesError`` for a file that can't be read or understood.
    func load() throws(PreferencesError) -> Preferences {
        guard let text = try text() else { return Preferences() }
        let document = try document(text)
        do throws(JSONError) {
            return try Preferences(document)
        } catch {
            throw PreferencesError(path: path, error)
        }
    }

    /// Writes down who the user is now, and nothing else.
    ///
    /// Only what differs from the file changes, and of the file only those
    /// values. It is replaced in one step, so that it is whole at any moment;
    /// where it is a link, what the link leads to is replaced.
    ///
    /// - Parameters:
    ///   - nickname: The nickname, or nil to leave it.
    ///   - color: The color, or nil to leave it.
    /// - Throws: ``PreferencesError``; the file is then as it was.
    func remember(nickname: String?, color: ChatColor?) throws(PreferencesError) {
        var text = try text() ?? EditedText(Array("{}\n".utf8))
        let existing = try document(text)
        var edited = existing
        let known: Preferences
        do throws(JSONError) {
            known = try Preferences(existing)
            if let nickname, nickname != known.nickname { try edited.set("nickname", to: nickname) }
            if let color, color.text != known.color?.text {
                // An old user's file goes on serving the original client too.
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

/// Why a preferences file is of no use: one line with the file, the place and the reason.
struct PreferencesError: Error, Hashable, CustomStringConvertible {
    let description: String
    /// Whether it is about what stands in the file, and not about the file.
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
