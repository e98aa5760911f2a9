internal import ChatProtocol

/// The sentences that the room sends.
///
/// Old clients show them, so they follow the original server's wording.
enum Phrases {
    // MARK: Login

    static let unknownAttempt = Fault(
        .unexpected,
        "Unknown connection attempt. Expected: 'CON,nickname,password,color'"
    )
    static let missingLoginParameters = Fault(
        .malformed,
        "Incorrect parameters. nickname, password, and color are required"
    )
    static let loginPending = Fault(.busy, "The password is still being checked")
    static let tryAgain = Fault(.busy, "The registered users have just changed. Please try again")
    static let serverCloses = Fault(.closing, "The server is closing")
    static let alreadyConnected = Fault(.unexpected, "Already logged in")
    static let tooManyRefusals = Fault(.throttled, "Too many attempts on one connection")
    static let tooManyBeforeLogin = "Too many requests before the login was answered."

    static func guessedTooOften(waitMilliseconds wait: Int) -> Fault {
        Fault(.throttled, "Too many wrong passwords. Please try again in \((wait + 999) / 1000) s")
    }

    // MARK: Nicknames, colors, passwords

    static let loggedIn = Fault(.nicknameInUse, "User is already logged in")
    /// The refusal for a registered nickname.
    ///
    /// The original server has one sentence for a missing password, a wrong password, and somebody else's nickname.
    static func registered(_ refusal: Refusal) -> Fault { Fault(refusal, "User is a registered user") }
    static func resembles(_ name: String) -> Fault {
        Fault(.nicknameLookalike, "Username looks like \(name), who is registered")
    }
    static func resemblesPresent(_ name: String) -> Fault {
        Fault(.nicknameLookalike, "Username looks like \(name), who is here")
    }
    static let unreadableNickname = Fault(
        .nicknameInvalid,
        "Username must not contain , ; or /, which older clients can't write to"
    )
    static let badColor = Fault(.colorInvalid, "Color not recognized as Hex color")
    static let longPassword = Fault(.passwordTooLong, "Password must be at most \(Limits.passwordBytes) bytes")
    static let shortPassword = Fault(
        .passwordTooShort,
        "Password must have at least \(Limits.passwordMinimumCharacters) characters"
    )
    static let registrationClosed = Fault(.registrationClosed, "Registration is not allowed on this server")
    static func passwordTooOften(_ purpose: PasswordBudget.Purpose, waitMilliseconds wait: Int) -> Fault {
        let what = purpose == .registration ? "accounts were made" : "passwords were changed"
        return Fault(
            .throttled,
            "Too many \(what) from your address, please try again in \((wait + 999) / 1000) s"
        )
    }
    static let nothingToUpdate = Fault(.malformed, "One of nickname, password, and color is required")
    static let updatePending = Fault(.busy, "The update before this one is still being stored")
    static let busy = Fault(.busy, "The server is busy, please try again")
    static let changeFailed = Fault(.storeFailed, "The change could not be stored, please try again")

    static func fault(_ error: NicknameError) -> Fault {
        let counts = Limits.nicknameCharacters
        let text =
            switch error {
            case .doesNotStartWithLetter: "Username must start with a letter"
            case .wrongLength: "Username must be between lengths \(counts.lowerBound) and \(counts.upperBound)"
            case .forbiddenCharacter: "Username must not contain control or invisible characters"
            case .spaceAtEnd: "Username must not end with a space"
            }
        return Fault(.nicknameInvalid, text)
    }

    // MARK: Requests

    static let notAdmin = Fault(.notPermitted, "Must be an admin to perform that action")
    static let missingRecipient = Fault(.malformed, "rec parameter required")
    static let missingUser = Fault(.malformed, "user parameter required")
    static let kickSelf = Fault(.userIsSelf, "You can't kick yourself")
    static let longReason = Fault(.tooLong, "The reason is longer than \(RoomLimits.kickReasonBytes) bytes")
    static func longText(most: Int) -> Fault { Fault(.tooLong, "The message is longer than \(most) bytes") }
    static let longNonce = Fault(.malformed, "nonce is longer than \(Limits.nonceBytes) bytes")
    static let notStored = Fault(
        .storeFailed,
        "The message could not be stored and was not sent. Please try again"
    )
    static let notStoredBusy = Fault(
        .busy,
        "The server is busy: the message was not stored and not sent. Please try again"
    )
    static let tooManyRepeats = Fault(.busy, "The message is still being stored. Please wait")
    static let tooManyRefreshes = Fault(.busy, "Too many refreshes at once, please wait")
    static let historyFailed = Fault(.storeFailed, "The history could not be read, please try again")

    static func unknownRecipient(_ name: String) -> Fault {
        Fault(.recipientAbsent, "\(clipped(name)) Unrecognized recipient")
    }
    static func unknownUser(_ name: String) -> Fault { Fault(.userAbsent, "\(clipped(name)) is not in the chat") }

    /// The answer to something that is no request, with the decoder's reason.
    static func undecodable(_ reason: String) -> Fault {
        var text = reason[...]
        if text.hasPrefix("Error: ") { text = text.dropFirst("Error: ".count) }
        if text.hasSuffix(".") { text = text.dropLast() }
        return Fault(.malformed, String(text))
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
    static let accountRemoved = "Your account was removed. You are a guest now."
    static let passwordChanged = "The password of your account was changed. Please connect again with the new one."

    static func kicked(_ reason: String) -> String {
        reason.isEmpty ? "You have been kicked." : "You have been kicked for reason: \(reason)"
    }

    static func closing(inSeconds seconds: Int) -> String {
        seconds > 0 ? "The server is closing in \(seconds) seconds." : "The server is closing."
    }

    // MARK: What everybody is told

    static func joined(_ nickname: String) -> String { "\(nickname) has joined the chat!" }
    static func left(_ nickname: String) -> String { "\(nickname) has disconnected" }
    static func kicked(_ nickname: String, by admin: String) -> String { "\(nickname) has been kicked by \(admin)" }

    /// What changed about a member; nil if others can't see any of it.
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
