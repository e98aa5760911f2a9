internal import ArgumentParser
internal import ChatServer
internal import ChatTestSupport
internal import Testing

@testable internal import ChatTUI

@Suite("Settings of a server")
struct ServerSettingsTests {
    private func parse(
        _ own: [String] = [],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> ServeCommand {
        let folder = try ScratchFolder()
        var own = own
        if let file {
            try folder.write(file, to: "serve.json")
            own += ["--config", "\(folder.path)/serve.json"]
        }
        do {
            return try ServerInvocation<ServeCommand>(own: own, environment: environment).parse().command
        } catch let error as SettingsError {
            let text = error.description.replacing(folder.path + "/", with: "")
            throw SettingsError(text, isFile: error.isFile)
        }
    }

    @Test(
        "a flag comes before the environment, that before the file, and that before the default",
        arguments: [
            ([], [:], nil, 6666),
            ([], [:], "{\"port\": 1}", 1),
            ([], [:], "{\"port\": \"1\"}", 1),
            ([], [:], "{\"port\": null}", 6666),
            ([], ["CHAT_TUI_PORT": "2"], nil, 2),
            ([], ["CHAT_TUI_PORT": "2"], "{\"port\": 1}", 2),
            ([], ["CHAT_TUI_PORT": ""], "{\"port\": 1}", 1),
            (["--port", "3"], ["CHAT_TUI_PORT": "2"], "{\"port\": 1}", 3),
            (["--port=3"], [:], "{\"port\": 1}", 3),
        ] as [([String], [String: String], String?, Int)]
    )
    func precedence(own: [String], environment: [String: String], file: String?, port: Int) throws {
        #expect(try parse(own, environment: environment, file: file).options.port == port)
    }

    @Test(
        "a flag without a value is true or false elsewhere, and a variable can take back what the file says",
        arguments: [
            ([:], "{\"ephemeral\": true}", true),
            ([:], "{\"ephemeral\": false}", false),
            (["CHAT_TUI_EPHEMERAL": "yes"], nil, true),
            (["CHAT_TUI_EPHEMERAL": "false"], "{\"ephemeral\": true}", false),
            (["CHAT_TUI_EPHEMERAL": "1"], "{\"ephemeral\": false}", true),
        ] as [([String: String], String?, Bool)]
    )
    func flags(environment: [String: String], file: String?, isEphemeral: Bool) throws {
        #expect(try parse(environment: environment, file: file).storage.ephemeral == isEphemeral)
    }

    @Test(
        "what is wrong in the file is named with its place",
        arguments: [
            ("{\n  \"prot\": 1\n}", "serve.json:2:3: \"prot\" is no setting; do you mean \"port\"?"),
            ("{\"tea\": 1}", "serve.json:1:2: \"tea\" is no setting"),
            ("{\"config\": \"x\"}", "serve.json:1:2: \"config\" is no setting"),
            ("{\"port\": 70000}", "serve.json:1:10: \"port\" is a whole number between 0 and 65535, not 70000"),
            (
                "{\"port\": 1.5}",
                "serve.json:1:10: \"port\" is a whole number between 0 and 65535, not 1.5"
            ),
            ("{\"port\": true}", "serve.json:1:10: \"port\" is a whole number between 0 and 65535, not true"),
            ("{\"port\": [1]}", "serve.json:1:10: \"port\" is a whole number between 0 and 65535, not an array"),
            ("{\"data\": {}}", "serve.json:1:10: \"data\" is a text in double quotes, not an object"),
            ("{\"flush\": false}", "serve.json:1:11: \"flush\" is second or commit, not false"),
            ("{\"ephemeral\": 1}", "serve.json:1:15: \"ephemeral\" is true or false, not 1"),
            ("{\"ephemeral\": \"yes\"}", "serve.json:1:15: \"ephemeral\" is true or false, not 'yes' in quotes"),
            ("{\"port\": 1, \"port\": 2}", "serve.json:1:13: \"port\" stands here for the second time"),
            (
                "{\"log-level\": \"loud\"}",
                "serve.json:1:15: \"log-level\" is trace, debug, info, notice, warning, error or critical, not 'loud'"
            ),
            (
                "{\"registration\": \"maybe\"}",
                "serve.json:1:18: \"registration\" is open or closed, not 'maybe'"
            ),
            (
                "{\"admin-listen\": \"10.0.0.1:80\"}",
                "serve.json:1:18: \"admin-listen\" is the path of a unix socket, or HOST:PORT on loopback, "
                    + "not '10.0.0.1:80'"
            ),
            (
                "{\"data\": \"/tmp\",\"ephemeral\": true}",
                "serve.json:1:30: \"ephemeral\" and serve.json:1:10: \"data\" exclude each other"
            ),
            (
                "{\"soft-queue-kib\": 9000}",
                "serve.json:1:20: \"soft-queue-kib\" 9000 is above --hard-queue-kib 8192"
            ),
            (
                "{\"requests-per-second\": -0.5}",
                "serve.json:1:25: \"requests-per-second\" is a number between 0 and 100000, not -0.5"
            ),
            ("{\"keep-messages\": -1}", "serve.json:1:19: \"keep-messages\" is a whole number from 0 on, not -1"),
            ("{\"port\": 1,}", "serve.json:1:12: no comma may stand before }"),
            ("[]", "serve.json:1:1: an object { … } has to be here"),
            ("", "serve.json:1:1: the file is empty: write { } for nothing"),
            ("{\"\\u001b[31m\": 1}", "serve.json:1:2: \"␛[31m\" is no setting"),
        ]
    )
    func file(text: String, message: String) throws {
        let error = #expect(throws: SettingsError.self) { try parse(file: text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
        #expect(error?.isFile == true)
    }

    @Test("a relative path in the file starts at the file's folder, and anywhere else where the program was started")
    func relativePaths() throws {
        let text = """
            {"data": "d", "users": "u/r.txt", "tls-certificate": "/c.pem", "tls-key": "k.pem", "admin-listen": "unix:a"}
            """
        let folder = try ScratchFolder()
        try folder.write(text, to: "serve.json")
        let invocation = ServerInvocation<ServeCommand>(
            own: ["--config", "\(folder.path)/serve.json", "--users", "mine.txt"],
            environment: ["CHAT_TUI_TLS_KEY": "key.pem"]
        )
        let command = try invocation.parse().command
        #expect(command.storage.dataOptions.data == "\(folder.path)/d")
        #expect(command.options.users == "mine.txt")
        #expect(command.tls.tlsCertificate == "/c.pem")
        #expect(command.tls.tlsKey == "key.pem")
        #expect(command.operation.adminListen?.address == .unixSocket(path: "\(folder.path)/a"))
        let values = try SettingsFile.values(in: Array(text.utf8), path: "serve.json", settings: ServeCommand.settings)
        #expect(values["users"]?.text == "u/r.txt")
    }

    @Test(
        "what is wrong in the environment is named by its variable",
        arguments: [
            (["CHAT_TUI_PORT": "70000"], "CHAT_TUI_PORT is a whole number between 0 and 65535, not 70000"),
            (
                ["CHAT_TUI_PORT": "many"],
                "CHAT_TUI_PORT is a whole number between 0 and 65535, not 'many'"
            ),
            (["CHAT_TUI_KEEP_DAYS": "0"], "CHAT_TUI_KEEP_DAYS is a whole number between 1 and 36500, not 0"),
            (
                ["CHAT_TUI_EPHEMERAL": "maybe"],
                "CHAT_TUI_EPHEMERAL is true or false, not 'maybe'"
            ),
            (
                ["CHAT_TUI_TLS": "off", "CHAT_TUI_PLAINTEXT": "refuse"],
                "with CHAT_TUI_TLS off there is only plain text: CHAT_TUI_PLAINTEXT must be allow"
            ),
            (["CHAT_TUI_CONFIG": "/nonexistent.json"], "/nonexistent.json: there is no such file"),
        ]
    )
    func environment(variables: [String: String], message: String) throws {
        let error = #expect(throws: SettingsError.self) { try parse(environment: variables) }
        #expect(error?.description == message)
    }

    @Test("of every setting that does not take any text, what is wrong says what it is, its value and what it takes")
    func everySetting() throws {
        let anyText: Set = ["host", "users", "data", "tls-certificate", "tls-key"]
        for setting in ServeCommand.settings where !anyText.contains(setting.name) {
            let told = "is \(try #require(setting.allowed, "\(setting.name)")), not '!'"
            let variable = #expect(throws: SettingsError.self) { try parse(environment: [setting.variable: "!"]) }
            #expect(variable?.description == "\(setting.variable) \(told)")
            guard !setting.isFlag else { continue }
            let key = #expect(throws: SettingsError.self) { try parse(file: "{\"\(setting.name)\":\"!\"}") }
            #expect(key?.description == "serve.json:1:\(setting.name.count + 5): \"\(setting.name)\" \(told)")
        }
    }

    @Test("what is a flag is called one, and is not the fault of a file")
    func mixed() throws {
        let error = #expect(throws: SettingsError.self) { try parse(["--ephemeral"], file: "{\"data\": \"/tmp\"}") }
        #expect(error?.description == "--ephemeral and serve.json:1:10: \"data\" exclude each other")
        #expect(error?.isFile == true)
        let own = #expect(throws: SettingsError.self) { try parse(["--ephemeral", "--data", "/tmp"]) }
        #expect(own?.description == "--ephemeral and --data exclude each other")
        #expect(own?.isFile == false)
    }

    @Test("a mistake on the command line is nobody else's, and said first")
    func ownMistake() throws {
        let error = #expect(throws: (any Error).self) { try parse(["--port", "70000"], file: "{\"keep-days\": 0}") }
        #expect(!(error is SettingsError))
    }

    @Test(
        "a flag says what it takes",
        arguments: [
            (["--keep-days", "many"], "write a whole number between 1 and 36500."),
            (["--requests-per-second", "nan"], "write a number between 0 and 100000."),
            (["--flush", "never"], "commit"),
        ]
    )
    func ownNumber(own: [String], advice: String) throws {
        let error = try #require(#expect(throws: (any Error).self) { try parse(own) })
        #expect(ServeCommand.message(for: error).contains(advice))
    }

    @Test(
        "the file is named by a flag or else by a variable, and the last flag counts",
        arguments: [
            ([], ["CHAT_TUI_CONFIG": "/a"], "/a"),
            ([], ["CHAT_TUI_CONFIG": ""], nil),
            (["--config", "/b"], ["CHAT_TUI_CONFIG": "/a"], "/b"),
            (["--config=/b", "--config", "/c"], [:], "/c"),
        ] as [([String], [String: String], String?)]
    )
    func path(own: [String], environment: [String: String], path: String?) throws {
        guard let path else { return #expect(try parse(own, environment: environment).options.port == 6666) }
        let error = #expect(throws: SettingsError.self) { try parse(own, environment: environment) }
        #expect(error?.description == "\(path): there is no such file")
    }

    @Test("a variable that nobody reads is warned of, and those of the client are not")
    func warnings() {
        let environment = [
            "CHAT_TUI_PROT": "1", "CHAT_TUI_PORT": "1", "CHAT_TUI_NICKNAME": "ann", "CHAT_TUI_PASSWORD": "secret",
            "CHAT_TUI_SERVER": "x", "CHAT_TUI_COLOR": "#FFF", "CHAT_TUI_CONFIG": "x", "CHAT_TUI_CHEESECAKE": "1",
            "CHAT_TUI_CONECT_TLS": "x",
        ]
        #expect(
            UnknownVariables.warnings(about: environment) == [
                "CHAT_TUI_CHEESECAKE is no setting",
                "CHAT_TUI_CONECT_TLS is no setting; do you mean CHAT_TUI_CONNECT_TLS?",
                "CHAT_TUI_PROT is no setting; do you mean CHAT_TUI_PORT?",
            ]
        )
    }

    @Test("host takes what it has a flag for, and minds neither the rest nor the client's")
    func host() throws {
        let invocation = ServerInvocation<HostCommand>(
            own: [],
            environment: ["CHAT_TUI_PORT": "7", "CHAT_TUI_LOG_LEVEL": "debug", "CHAT_TUI_NICKNAME": "ann"]
        )
        let command = try invocation.parse().command
        #expect(command.serverOptions.port == 7)
        #expect(command.options.nickname == nil)
    }

    @Test("what a new file changes is what flags and variables leave open")
    func changes() throws {
        func settings(_ text: String) throws -> ServerSettings {
            let all = ServeCommand.settings
            let file = try SettingsFile.values(in: Array(text.utf8), path: "f", settings: all)
            return try ServerSettings(settings: all, file: file, environment: ["CHAT_TUI_FLUSH": "commit"])
        }
        let before = try settings("{\"port\": 1, \"keep-days\": 3, \"flush\": \"second\", \"log-level\": \"info\"}")
        let after = try settings("{\"port\": 2, \"flush\": \"commit\", \"log-level\": \"info\", \"host\": \"::1\"}")
        #expect(after.changes(since: before, under: ["--host=::"]) == ["keep-days", "port"])
        #expect(after.changes(since: after, under: []) == [])
    }
}
