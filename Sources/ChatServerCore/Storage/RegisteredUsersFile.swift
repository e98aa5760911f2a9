public import ChatProtocol

/// A user who is registered from the start.
public struct RegisteredUser: Hashable, Sendable {
    /// The registered nickname.
    public var nickname: Nickname
    /// The password, in the clear, as the original stores it.
    public var password: String
    /// What the user may do.
    public var role: Role

    /// Creates a user.
    public init(nickname: Nickname, password: String, role: Role) {
        self.nickname = nickname
        self.password = password
        self.role = role
    }
}

/// The original's `registeredUsers.txt`: one user a line, `name,password,…`.
///
/// Everyone in it is an admin, as in the original. Whatever follows a second comma is ignored, and so are blank lines
/// and spaces around the parts.
public enum RegisteredUsersFile {
    /// Reads the file's text.
    ///
    /// - Parameter text: The whole file, each line ended by `\n`.
    /// - Returns: The users in the file's order.
    /// - Throws: ``RegisteredUsersError`` for the first line that does not describe a valid user.
    public static func users(in text: String) throws(RegisteredUsersError) -> [RegisteredUser] {
        var users: [RegisteredUser] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let parts = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).map(trimmed)
            guard parts.count >= 2 else {
                throw RegisteredUsersError(line: index + 1, problem: "expected name,password")
            }
            guard !parts[1].isEmpty else {
                throw RegisteredUsersError(line: index + 1, problem: "the password is empty")
            }
            do throws(NicknameError) {
                let nickname = try Nickname(parts[0])
                users.append(RegisteredUser(nickname: nickname, password: parts[1], role: .admin))
            } catch {
                throw RegisteredUsersError(line: index + 1, problem: problem(error))
            }
        }
        return users
    }

    private static func trimmed(_ part: Substring) -> String {
        let start = part.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// What is wrong with a nickname, for the operator.
    public static func problem(_ error: NicknameError) -> String {
        switch error {
        case .doesNotStartWithLetter: "the name does not start with a letter"
        case .wrongLength: "the name is not 2 to 16 characters long"
        case .forbiddenCharacter: "the name holds a character that can't be shown"
        case .spaceAtEnd: "the name ends in a space"
        }
    }
}

/// Which line of a `registeredUsers.txt` is wrong, and how; never the line itself.
public struct RegisteredUsersError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1.
    public var line: Int
    /// What is wrong with it.
    public var problem: String

    /// One line for the operator.
    public var description: String { "line \(line): \(problem)" }
}
