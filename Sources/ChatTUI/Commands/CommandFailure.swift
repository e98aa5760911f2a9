internal import ArgumentParser
internal import ChatProtocol
internal import ChatSystem
internal import Glibc

/// Why a command failed, as one line for standard error.
struct CommandFailure: Error, CustomStringConvertible {
    /// The message, without a final period.
    let description: String
    /// The exit code of the process.
    let exitCode: ExitCode

    init(_ description: String, exitCode: ExitCode = .failure) {
        self.description = SafeText(line: description).text
        self.exitCode = exitCode
    }

    /// Creates a failure from an error in the environment or the settings file.
    init(_ error: SettingsError) {
        self.init(error.description, exitCode: error.isFile ? .configuration : .usage)
    }

    /// Prints the message to standard error.
    func print() {
        Self.say("Error: \(description)")
    }

    /// Writes a line to standard error.
    static func say(_ line: String) {
        OpenFile.writeAll(Array("\(line)\n".utf8), to: STDERR_FILENO)
    }
}

extension ExitCode {
    /// Wrong usage (`EX_USAGE`).
    static let usage = ExitCode.validationFailure
    /// The server could not be reached (`EX_UNAVAILABLE`).
    static let unreachable = ExitCode(69)
    /// The server was not trusted (`EX_PROTOCOL`).
    static let distrusted = ExitCode(76)
    /// The preferences or the settings are broken (`EX_CONFIG`).
    static let configuration = ExitCode(78)
}
