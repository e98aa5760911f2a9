internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("./run")
    struct RunScriptTests {
        /// A copy of the script in a folder where nothing has to be built, and
        /// whose program says how it was called.
        private func words(of arguments: [String]) throws -> [String] {
            let home = try ScratchFolder()
            let root = URL(fileURLWithPath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            try home.write("", to: "Sources/main.swift")
            try home.write("", to: "Package.swift")
            let program = try home.write("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", to: ".build/release/chat-tui")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            try home.write("", to: ".build/run-stamp")
            let script = "\(home.path)/run"
            try FileManager.default.copyItem(atPath: root.appendingPathComponent("run").path, toPath: script)
            let process = try ChildProcess(
                "/bin/bash",
                [script] + arguments,
                environment: Executable.environment(home: home.path)
            )
            #expect(try process.end() == 0, "\(process.standardError)")
            return process.standardOutput.split(separator: "\n").map(String.init)
        }

        @Test(
            "opens a chat unless told otherwise, with the options that there are",
            arguments: [
                ([], ["host"]),
                (["--port", "7000"], ["host", "--port", "7000"]),
                (["--ephemeral", "--nickname", "a b"], ["host", "--ephemeral", "--nickname", "a b"]),
                (["host", "--port", "7000"], ["host", "--port", "7000"]),
                (["serve", "--port", "7000"], ["serve", "--port", "7000"]),
                (["connect", "192.168.1.20"], ["connect", "192.168.1.20"]),
                (["--help"], ["--help"]),
                (["--version"], ["--version"]),
                (["-h"], ["-h"]),
            ] as [([String], [String])]
        )
        func command(arguments: [String], called: [String]) throws {
            #expect(try words(of: arguments) == called)
        }
    }
}
