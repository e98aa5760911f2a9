internal import ChatProtocol
internal import Dispatch

/// Writes the confirmed nickname and color to the preferences.
///
/// It uses a thread of its own, so that the keyboard does not have to wait for a slow disk.
final class IdentityKeeper: Sendable {
    private let file: PreferencesFile
    private let forThisRun: IdentityForThisRun
    private let onFailure: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "chat-tui.preferences")

    /// Creates a keeper.
    ///
    /// - Parameters:
    ///   - file: The file to write to.
    ///   - forThisRun: The values from flags and the environment; they are not written unless they change.
    ///   - onFailure: Called on any thread with one line that says what could not be written.
    init(file: PreferencesFile, forThisRun: IdentityForThisRun, onFailure: @escaping @Sendable (String) -> Void) {
        self.file = file
        self.forThisRun = forThisRun
        self.onFailure = onFailure
    }

    /// Schedules writing the values that differ from the file.
    func keep(nickname: String, color: ChatColor) {
        let nickname = nickname == forThisRun.nickname ? nil : nickname
        let color = color == forThisRun.color ? nil : color
        queue.async { [file, onFailure] in
            do throws(PreferencesError) {
                try file.remember(nickname: nickname, color: color)
            } catch {
                onFailure("Your nickname and color are not remembered: \(error.description)")
            }
        }
    }

    /// Waits until everything is written.
    func finish() {
        queue.sync {}
    }
}

/// The values of the user's identity that are for this run only.
struct IdentityForThisRun: Hashable, Sendable {
    var nickname: String?
    var color: ChatColor?
}
