internal import ChatProtocol
internal import Dispatch

/// Writes the confirmed nickname and color to the preferences, on a thread of
/// its own: a disk may take its time, and the keyboard can't wait for it.
final class IdentityKeeper: Sendable {
    private let file: PreferencesFile
    private let forThisRun: IdentityForThisRun
    private let onFailure: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "chat-tui.preferences")

    /// Creates a keeper.
    ///
    /// - Parameters:
    ///   - file: Where to write.
    ///   - forThisRun: What flags and the environment said: it is not written
    ///     down unless it changes.
    ///   - onFailure: Told in one line what could not be written, on any thread.
    init(file: PreferencesFile, forThisRun: IdentityForThisRun, onFailure: @escaping @Sendable (String) -> Void) {
        self.file = file
        self.forThisRun = forThisRun
        self.onFailure = onFailure
    }

    /// Writes down what differs, soon.
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

/// Who the user is for one run only.
struct IdentityForThisRun: Hashable, Sendable {
    var nickname: String?
    var color: ChatColor?
}
