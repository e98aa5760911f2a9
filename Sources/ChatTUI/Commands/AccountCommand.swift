internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import ChatStorage

/// `chat-tui account`: manages the registered users.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Manage who is registered.",
        discussion: """
            Works on the data directory, beside a running server or without one; the server notices within a second \
            or two. Passwords are asked for twice, or read from standard input where that is no terminal.

            Examples:
              chat-tui account add ann --role admin
              chat-tui account role bob member
              pass show chat/ann | chat-tui account password ann
              chat-tui account import registeredUsers.txt

            Exit codes: 0 done; 1 not done, and why; 64 wrong usage.
            """,
        subcommands: [Add.self, Remove.self, Password.self, SetRole.self, List.self, Import.self]
    )

    /// The options that all commands below share.
    struct Target: ParsableArguments {
        @OptionGroup
        var dataOptions: DataOptions

        /// Opens the accounts, runs `body`, and reports what went wrong.
        func withBook(creates: Bool = false, _ body: (AccountBook) throws -> Void) throws {
            do {
                try body(try AccountBook(try dataOptions.directory(), creates: creates))
            } catch let error as StoreError {
                throw CommandFailure(error.reason)
            } catch let error as StorageError {
                throw CommandFailure("\(error)")
            }
        }
    }

    /// A role on the command line.
    enum RoleArgument: String, ExpressibleByArgument, CaseIterable {
        case member
        case admin

        var role: Role { self == .admin ? .admin : .member }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a nickname.",
            discussion: """
                Examples:
                  chat-tui account add ann
                  chat-tui account add ann --role admin
                  pass show chat/ann | chat-tui account add ann
                """
        )

        @Argument(help: "The nickname.")
        var nickname: String

        @Option(help: "member or admin.")
        var role = RoleArgument.member

        @OptionGroup
        var target: Target

        func run() throws {
            let nickname = try validNickname(self.nickname)
            try target.withBook(creates: true) { book in
                // Check before anybody types a password for nothing.
                if try book.contains(nickname.key) { throw StoreError("\(nickname.text) is registered") }
                if let obstacle = try book.obstacle(to: nickname) { throw StoreError("\(obstacle)") }
                let password = try PasswordPrompt.newPassword(for: nickname.text)
                _ = try book.add(nickname, password: password, role: role.role)
            }
            print("\(nickname.text) is registered, as \(role == .admin ? "an admin" : "a member").")
        }

        private func validNickname(_ text: String) throws -> Nickname {
            do throws(NicknameError) {
                return try Nickname(text)
            } catch {
                throw CommandFailure(RegisteredUsersFile.problem(error))
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an account; the nickname is free then.",
            discussion: """
                A server with --users registers everyone in that file at each start, as an admin: take the nickname \
                out there, too.

                Examples:
                  chat-tui account remove ann
                """
        )

        @Argument(help: "The nickname.")
        var nickname: String

        @OptionGroup
        var target: Target

        func run() throws {
            try target.withBook { try $0.remove(nickname) }
            print("\(SafeText(line: nickname)) is no longer registered.")
            print(
                "A server with --users registers everyone in that file at each start: take the nickname out there, too."
            )
        }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account another password.",
            discussion: """
                Examples:
                  chat-tui account password ann
                  pass show chat/ann | chat-tui account password ann
                """
        )

        @Argument(help: "The nickname.")
        var nickname: String

        @OptionGroup
        var target: Target

        func run() throws {
            try target.withBook { book in
                guard try book.contains(NicknameKey(nickname)) else { throw StoreError("no such account") }
                try book.setPassword(of: nickname, to: try PasswordPrompt.newPassword(for: nickname))
            }
            print("\(SafeText(line: nickname)) has another password.")
        }
    }

    struct SetRole: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role",
            abstract: "Make a member an admin, or an admin a member.",
            discussion: """
                Examples:
                  chat-tui account role bob admin
                  chat-tui account role bob member
                """
        )

        @Argument(help: "The nickname.")
        var nickname: String

        @Argument(help: "member or admin.")
        var role: RoleArgument

        @OptionGroup
        var target: Target

        func run() throws {
            try target.withBook { try $0.setRole(of: nickname, to: role.role) }
            print("\(SafeText(line: nickname)) is \(role == .admin ? "an admin" : "a member").")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List who is registered: role, since when, nickname.",
            discussion: """
                Examples:
                  chat-tui account list
                  chat-tui account list --data /srv/chat
                """
        )

        @OptionGroup
        var times: TimeOptions

        @OptionGroup
        var target: Target

        func run() throws {
            try target.withBook { book in
                for entry in try book.entries() {
                    let role = entry.account.role == .admin ? "admin " : "member"
                    let created = times.written(Timestamp(unixMilliseconds: entry.created))
                    print("\(role)  \(created)  \(SafeText(line: entry.account.nickname.text))")
                }
            }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register everyone in the original's registeredUsers.txt, as admins.",
            discussion: """
                One user a line: name,password. Who is registered already stays as is; who looks like somebody \
                registered is left out, and so is a nickname that original clients can't read.

                Examples:
                  chat-tui account import registeredUsers.txt
                """
        )

        @Argument(help: "The file.", completion: .file())
        var file: String

        @OptionGroup
        var target: Target

        func run() throws {
            var options = ServerOptions()
            options.users = file
            let users = try options.registeredUsers()
            try target.withBook(creates: true) { book in
                let outcome = try book.add(users)
                for account in outcome.added {
                    print("\(SafeText(line: account.nickname.text)) is registered, as an admin.")
                }
                for account in outcome.existing {
                    let role = account.role == .admin ? "an admin" : "a member"
                    print("\(SafeText(line: account.nickname.text)) was registered before, as \(role), and stays so.")
                }
                for account in outcome.weak {
                    let nickname = SafeText(line: account.nickname.text)
                    print(
                        "\(nickname) has a weak password, shorter than \(Limits.passwordMinimumCharacters) characters. "
                            + "To change it: chat-tui account password \(nickname)"
                    )
                }
                for obstacle in outcome.obstacles { print("\(SafeText(line: "\(obstacle)")); left out.") }
            }
        }
    }
}
