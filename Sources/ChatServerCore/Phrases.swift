internal import ChatProtocol

/// What the room says.
///
/// Old clients show these, so they follow the original server's wording.
enum Phrases {
    // MARK: Login

    static let unknownAttempt = "Error: Unknown connection attempt. Expected: 'CON,nickname,password,color'"
    static let missingLoginParameters = "Error: Incorrect parameters. nickname, password, and color are required"
    static let loginPending = "Error: The password is still being checked"
    static let tryAgain = "Error: The registered users have just changed. Please try again"
    static let serverCloses = "Error: The server is closing"
    static let alreadyConnected = "Error: Already logged in."
    static let tooManyRefusals = "Error: Too many attempts on one connection."
    static let tooManyBeforeLogin = "Too many requests before the login was answered."

    static func guessedTooOften(waitMilliseconds wait: Int) -> String {
        "Error: Too many wrong passwords. Please try again in \((wait + 999) / 1000) s"
    }

    // MARK: Nicknames, colors, passwords; as parts of a sentence

    static let loggedIn = "User is already logged in"
    static let registered = "User is a registered user"
    static func resembles(_ name: String) -> String { "Username looks like \(name), who is registered" }
    static let badColor = "Color not recognized as Hex color"
    static let emptyPassword = "Password must not be empty"
    static let longPassword = "Password must be at most \(Limits.passwordBytes) bytes"
    static let registrationClosed = "Registration is not allowed on this server"
    static func passwordTooOften(_ purpose: PasswordBudget.Purpose, waitMilliseconds wait: Int) -> String {
        let what = purpose == .registration ? "accounts were made" : "passwords were changed"
        return "Too many \(what) from your address, please try again in \((wait + 999) / 1000) s"
    }
    static let nothingToUpdate = "One of nickname, password, and color is required"
    static let updatePending = "The update before this one is still being stored"
    static let busy = "The server is busy, please try again"
    static let changeFailed = "The change could not be stored, please try again"

    static func fault(_ error: NicknameError) -> String {
        switch error {
        case .doesNotStartWithLetter:
            "Username must start with a letter"
        case .wrongLength:
            "Username must be between lengths \(Limits.nicknameCharacters.lowerBound) "
                + "and \(Limits.nicknameCharacters.upperBound)"
        case .forbiddenCharacter:
            "Username must not contain control or invisible characters"
        case .spaceAtEnd:
            "Username must not end with a space"
        }
    }

    /// A refusal of one fault, as the original words it at login.
    static func error(_ fault: String) -> String { "Error: \(fault)" }

    /// A refusal that names all faults, as the original words it after UPDATE.
    static func errors(_ faults: [String]) -> String {
        "Error: " + faults.map { $0 + "." }.joined(separator: " ")
    }

    // MARK: Requests

    static let notAdmin = "Error: Must be an admin to perform that action."
    static let missingRecipient = "Error: rec parameter required."
    static let missingUser = "Error: user parameter required."
    static let kickSelf = "Error: You can't kick yourself."
    static let longReason = "Error: The reason is longer than \(RoomLimits.kickReasonBytes) bytes."
    static func longText(most: Int) -> String { "Error: The message is longer than \(most) bytes." }
    static let longNonce = "Error: nonce is longer than \(Limits.nonceBytes) bytes."
    static let notStored = "Error: The message could not be stored and was not sent. Please try again."
    static let notStoredBusy = "Error: The server is busy: the message was not stored and not sent. Please try again."
    static let tooManyRepeats = "Error: The message is still being stored. Please wait."
    static let tooManyRefreshes = "Too many refreshes at once, please wait"
    static let historyFailed = "The history could not be read, please try again"

    static func unknownRecipient(_ name: String) -> String { "Error: \(clipped(name)) Unrecognized recipient." }
    static func unknownUser(_ name: String) -> String { "Error: \(clipped(name)) Unrecognized user." }

    /// An error whose reason comes from the decoder.
    static func undecodable(_ reason: String) -> String {
        reason.hasPrefix("Error") ? reason : "Error: \(reason)"
    }

    static func clipped(_ name: String) -> String {
        let scalars = name.unicodeScalars
        let start = scalars.prefix(RoomLimits.echoedScalars)
        return start.endIndex == scalars.endIndex ? name : String(start) + "…"
    }

    // MARK: Confirmations and warnings

    static let updated = "OK"
    static let disconnected = "Disconnected Successfully."
    static let resending = "Resending messages..."
    static let nicknameRegistered =
        "Your nickname has been registered and needs its password now. Please connect again."
    static let passwordChanged = "The password of your account was changed. Please connect again with the new one."

    static func kicked(_ reason: String) -> String {
        reason.isEmpty ? "You have been kicked." : "You have been kicked for reason: \(reason)"
    }

    static func closing(inSeconds seconds: Int, framing: Framing) -> String {
        let warning = seconds > 0 ? "The server is closing in \(seconds) seconds." : "The server is closing."
        return framing == .none ? warning : warning + " Please reconnect."
    }

    // MARK: What everybody is told

    static func joined(_ nickname: String) -> String { "\(nickname) has joined the chat!" }
    static func left(_ nickname: String) -> String { "\(nickname) has disconnected" }
    static func kicked(_ nickname: String, by admin: String) -> String { "\(nickname) has been kicked by \(admin)" }

    /// What is new about somebody; nil where nothing is that others can see.
    static func changed(from old: Member, to new: Member) -> String? {
        var text = ""
        if new.nickname != old.nickname { text += " name changed to \(new.nickname.text)" }
        if new.color != old.color { text += " color changed to \(new.color)" }
        if !text.isEmpty { text = "\(old.nickname.text)'s" + text }
        if new.isAdmin != old.isAdmin {
            if !text.isEmpty { text += "; " }
            text += "\(new.nickname.text) is \(new.isAdmin ? "now" : "no longer") an admin"
        }
        return text.isEmpty ? nil : text
    }
}
