internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer

/// What `serve` and `host` take alike.
struct ServerOptions: ParsableArguments {
    @Option(help: "Listen on this TCP port; 0 takes any free one.")
    var port = Limits.defaultPort

    @Option(
        help: ArgumentHelp(
            "Registered users, one a line: name,password",
            discussion: "The original's registeredUsers.txt. Everyone in it is an admin.",
            valueName: "file"
        ),
        completion: .file()
    )
    var users: String?

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("The port \(port) is not between 0 and 65535.")
        }
    }

    /// Reads the registered users; none where no file is named.
    func registeredUsers() throws -> [RegisteredUser] {
        guard let users else { return [] }
        do {
            return try RegisteredUsersFile.users(in: try TextFile.read(users))
        } catch let error as RegisteredUsersError {
            throw CommandFailure("\(users): \(error)")
        }
    }
}
