internal import ArgumentParser
internal import ChatClient
internal import ChatInterface
internal import ChatProtocol
internal import ChatSecurity
internal import ChatSession
internal import ChatSystem
internal import Glibc

/// One run of the chat on this terminal, from reading the preferences to giving the terminal back.
struct ClientRun {
    /// The user's identity and the server.
    let settings: ClientSettings
    private let file: PreferencesFile
    private let preferences: Preferences
    private let warnings: [String]
    private let inbox: Inbox

    /// How long the server may take to answer the goodbye.
    private static let farewell = Duration.seconds(1)

    /// Checks everything that can be checked before the screen is taken over.
    ///
    /// - Throws: ``CommandFailure`` for a missing terminal, broken preferences, or an invalid flag or variable.
    init(host: String?, options: ClientOptions, encryption: EncryptionOptions? = nil) throws(CommandFailure) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw CommandFailure("the chat needs a terminal for its input and its output", exitCode: .usage)
        }
        try OpenFileLimit.require(OpenFileLimit.client)
        file = PreferencesFile(named: options.preferences, variable: { Environment[$0] })
        do throws(PreferencesError) {
            preferences = try file.load()
        } catch {
            throw CommandFailure(error.description, exitCode: error.isBroken ? .configuration : .failure)
        }
        warnings =
            preferences.notices.map { [path = file.path] in "\(path), \($0)" }
            + UnknownVariables.warnings(about: Environment.own)
        settings = try ClientSettings(
            host: host,
            options: options,
            encryption: encryption,
            variable: { Environment[$0] },
            preferences: preferences
        )
        do throws(SystemError) {
            inbox = try Inbox()
        } catch {
            throw CommandFailure("\(error)")
        }
        // Programs that are started from here should not see the password.
        unsetenv("CHAT_TUI_PASSWORD")
    }

    /// Shows a warning in the chat, now or as soon as there is one; may be called on any thread.
    var warn: @Sendable (String) -> Void {
        { [inbox] in inbox.post([.notice(SafeText(line: $0), isFailure: true)]) }
    }

    /// How to secure a connection to the server in the settings.
    var security: ConnectionSecurity {
        ConnectionSecurity(
            encryption: settings.encryption,
            fingerprint: settings.fingerprint,
            knownServers: KnownServers(path: "\(ConfigurationFolder.path { Environment[$0] })/known_servers")
        )
    }

    /// Runs the chat until the user leaves.
    ///
    /// - Parameters:
    ///   - server: The server to connect to.
    ///   - security: What the server has to prove.
    ///   - operatorSecret: The secret that makes the user of a server in this process its admin.
    ///   - name: The name of the server on the screen.
    ///   - notices: The first lines of the chat.
    ///   - greeting: The lines below the history. A command for copying gets a line of its own, which must not be the
    ///     first.
    ///   - suspensionNotice: What to print when the program is stopped by Ctrl-Z.
    /// - Returns: How the connection ended.
    /// - Throws: ``CommandFailure`` if the terminal can't be used.
    func run(
        server: ServerAddress,
        security: ConnectionSecurity,
        operatorSecret: OperatorSecret? = nil,
        name: String,
        notices: [String] = [],
        greeting: [String] = [],
        suspensionNotice: String? = nil
    ) throws -> ConnectionOutcome {
        ProgramSignals.install(inbox)
        defer { ProgramSignals.uninstall() }
        ProgramSignals.waitForForeground()
        let terminal: CursesTerminal
        do throws(TerminalError) {
            terminal = try CursesTerminal(usesMouse: preferences.usesMouse, suspensionNotice: suspensionNotice)
        } catch {
            throw CommandFailure(error.description)
        }

        inbox.post((notices + warnings).map { .notice(SafeText(line: $0), isFailure: false) })
        let client = ChatClient(
            address: server,
            security: security,
            credentials: settings.credentials,
            operatorSecret: operatorSecret
        ) { updates in
            // Makes sure that the terminal is restored even if this thread overflows its stack.
            AlternateStack.install()
            inbox.post(updates)
        }
        let keeper = IdentityKeeper(file: file, forThisRun: settings.forThisRun) { failure in
            inbox.post([.notice(SafeText(line: failure), isFailure: true)])
        }
        var program = Program(
            interface: Interface(configuration(of: terminal, serverName: name, greeting: greeting)),
            terminal: terminal,
            inbox: inbox,
            clock: MachineClock(),
            sleep: PollWaiting(),
            actions: ClientActions(client: client, keeper: keeper)
        )
        client.start()
        program.run()
        client.stopBlocking(within: Self.farewell)
        keeper.finish()
        return program.connection
    }

    private func configuration(
        of terminal: CursesTerminal,
        serverName: String,
        greeting: [String]
    ) -> Interface.Configuration {
        Interface.Configuration(
            columns: terminal.size.columns,
            rows: terminal.size.rows,
            theme: Theme(
                colors: preferences.theme,
                depth: terminal.capabilities.depth,
                background: terminal.capabilities.background
            ),
            glyphs: terminal.capabilities.glyphs,
            serverName: serverName,
            nickname: settings.nickname,
            color: settings.color,
            showsSidebar: preferences.showsSidebar,
            greeting: greeting.map { SafeText(block: $0) }
        )
    }
}

/// Carries out what the program loop asks for.
private struct ClientActions: ProgramActions {
    let client: ChatClient
    let keeper: IdentityKeeper

    func send(_ command: SessionCommand) { client.send(command) }

    func remember(nickname: String, color: ChatColor) { keeper.keep(nickname: nickname, color: color) }
}
