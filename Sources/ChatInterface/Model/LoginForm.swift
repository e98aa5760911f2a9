internal import ChatProtocol
internal import ChatSession

/// The fields of the login screen.
struct LoginForm: Sendable {
    /// The fields, from top to bottom.
    enum Field: Int, CaseIterable, Hashable, Sendable {
        case nickname
        case password
        case color
    }

    var nickname = Composer(kind: .field, maximumBytes: 256)
    var password = Composer(kind: .secret, maximumBytes: Limits.passwordBytes)
    var color = Composer(kind: .field, maximumBytes: 32)
    var focus = Field.nickname
    /// Why the last attempt failed.
    var reason: SafeText? {
        didSet { refusal = nil }
    }
    /// The server's code word for ``reason``.
    private var refusal: Refusal?
    /// What is wrong with a field; typing removes it.
    var mistake: SafeText?
    /// Whether the form waits for an answer of the server.
    var isJoining = false
    /// Whether something was typed since Enter was pressed.
    var isTyping = false
    /// Whether the form asks if the password may be sent in plain text.
    var isAskingAboutPassword = false

    /// Creates a form with what is known; the cursor starts at the first missing field.
    init(nickname: String?, color: ChatColor?, reason: SafeText?, refusal: Refusal? = nil) {
        if let nickname { self.nickname.setText(SafeText(line: nickname).text) }
        if let color { self.color.setText(color.text) }
        refuse(reason, refusal)
    }

    /// Shows why the login was refused, and keeps what was typed.
    ///
    /// A wrong password is cleared, because nobody can correct what they can't see. While the user types, the cursor
    /// does not move: otherwise the rest of a password would go into the nickname's field, where everybody can read it.
    mutating func refuse(_ reason: SafeText?, _ refusal: Refusal?) {
        self.reason = reason
        self.refusal = refusal
        mistake = nil
        isJoining = false
        isAskingAboutPassword = false
        guard !isTyping else { return }
        if refusal == .passwordWrong { password.setText("") }
        guard !nickname.isEmpty else {
            focus = .nickname
            return
        }
        switch refusal {
        case .nicknameInUse?, .nicknameInvalid?, .nicknameLookalike?: focus = .nickname
        // In the nickname's field everybody could read a password.
        default: focus = .password
        }
    }

    /// Whether the server refused because the right password is missing.
    var isPasswordWanted: Bool { refusal?.isAboutPassword == true }

    /// The field that has the cursor.
    var focused: Composer {
        get {
            switch focus {
            case .nickname: nickname
            case .password: password
            case .color: color
            }
        }
        set {
            switch focus {
            case .nickname: nickname = newValue
            case .password: password = newValue
            case .color: color = newValue
            }
        }
    }

    /// Handles a key in the field that has the cursor.
    mutating func type(_ key: KeyPress) {
        guard focused.handle(key) else { return }
        isTyping = true
        mistake = nil
    }

    /// Inserts pasted text into the field that has the cursor.
    mutating func insert(_ text: String) {
        focused.insert(text)
        mistake = nil
    }

    /// Moves the cursor to the next or the previous field.
    mutating func moveFocus(forward: Bool) {
        let fields = Field.allCases
        let next = focus.rawValue + (forward ? 1 : fields.count - 1)
        focus = Field(rawValue: next % fields.count) ?? .nickname
    }

    /// The color that was chosen; nil if the text is not a color.
    var chosenColor: ChatColor? {
        let text = color.text.trimmingSpaces()
        return text.isEmpty ? ChatColor.automatic(for: nickname.text) : ChatColor.typed(text)
    }

    /// Checks the fields, and returns the credentials, or the first field that is wrong and why.
    func submit() -> Result<Credentials, Mistake> {
        let name = nickname.text.trimmingSpaces()
        if name.isEmpty { return .failure(Mistake(field: .nickname, text: "A nickname is needed.")) }
        if let problem = Nickname.problem(with: name) { return .failure(Mistake(field: .nickname, text: problem)) }
        guard let chosenColor else {
            return .failure(Mistake(field: .color, text: "A color is #RRGGBB, #RGB or a name such as teal."))
        }
        return .success(Credentials(nickname: name, password: password.text, color: chosenColor))
    }

    /// A mistake in a field.
    struct Mistake: Error, Hashable {
        var field: Field
        var text: String
    }
}

extension Nickname {
    /// Which rule a nickname breaks, in words for its owner; nil if it breaks none.
    static func problem(with text: String) -> String? {
        do throws(NicknameError) {
            _ = try Nickname(text)
            return nil
        } catch {
            return switch error {
            case .doesNotStartWithLetter: "A nickname starts with a letter."
            case .wrongLength: "A nickname has 2 to 16 characters."
            case .forbiddenCharacter: "A nickname can't hold control or invisible characters."
            case .spaceAtEnd: "A nickname can't end in a space."
            }
        }
    }
}
