internal import ChatProtocol

/// Something that the session needs from its user before it can continue.
enum SessionRequest: Hashable, Sendable {
    /// A login; the reason says what was wrong with the last one.
    case login(reason: SafeText?, refusal: Refusal?)
    /// A yes or no to sending the password where others can read it.
    case plainPassword
    /// A yes or no to joining a server that may have no encryption; the pane says why.
    case plainText

    /// The text in the pane while it waits.
    var notice: String {
        switch self {
        case .login(let reason, _):
            "\(reason?.text ?? "The server wants you to log in.")\nPress Enter on an empty line to log in again."
        case .plainPassword:
            "The connection is not encrypted, and your password has not been sent.\n"
                + "Press Enter on an empty line to say whether it may be."
        case .plainText:
            "Press Enter on an empty line to say whether to join without encryption."
        }
    }

    /// What Enter does on an empty line.
    var hint: String {
        switch self {
        case .login: "Enter logs in again"
        case .plainPassword: "Enter asks about your password"
        case .plainText: "Enter asks about encryption"
        }
    }
}

extension Interface {
    /// The part of the screen that gets the keys.
    enum Focus: Hashable {
        case login
        case question
        case password
        case message
    }

    var focus: Focus {
        if let login { return login.isAskingAboutPassword ? .question : .login }
        return switch prompt.mode {
        case .message: .message
        case .question: .question
        case .password: .password
        }
    }

    /// Opens what the session needs, or says in the pane how to open it.
    ///
    /// Nothing opens while the user types: a form would take half a message for a nickname, and a question would find
    /// its yes in any word with a y.
    mutating func receive(_ request: SessionRequest) {
        let isIdle = prompt.mode == .message && prompt.composer.isEmpty && !connection.wasOnline
        let isAnswer = request == .plainPassword && isPasswordSubmitted
        if login != nil || isIdle || isAnswer { return open(request) }
        guard waitingRequest != request else { return }
        waitingRequest = request
        fail(request.notice)
    }

    /// Opens the waiting request; returns false if there is none.
    mutating func openWaitingRequest() -> Bool {
        guard let request = waitingRequest else { return false }
        open(request)
        return true
    }

    private mutating func open(_ request: SessionRequest) {
        waitingRequest = nil
        prompt.completion = nil
        isFocusShown = false
        switch request {
        case .login(let reason, let refusal): askForLogin(reason: reason, refusal: refusal)
        case .plainPassword: askAboutPassword()
        case .plainText:
            leaveQuestion()
            prompt.mode = .question(.plainText)
        }
    }
}
