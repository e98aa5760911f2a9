// swift-tools-version: 6.2
import PackageDescription

// Warnings become errors in CI only: the setting would otherwise leak to a
// package that depends on this one by path.
let warningsAreErrors = Context.environment["CHAT_TUI_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

// The modules that decide and never do: no socket, clock, random number or
// file, and no unsafe memory either.
let pure: [SwiftSetting] = settings + [.strictMemorySafety()]

let package = Package(
    name: "chat-tui",
    products: [
        .executable(name: "chat-tui", targets: ["ChatTUI"]),
        // For the fuzzers, which are a package of their own.
        .library(name: "ChatPure", targets: ["ChatProtocol", "ChatServerCore", "ChatSession", "ChatInterface"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CNcurses"),
        .target(name: "ChatProtocol", swiftSettings: pure),
        .target(name: "ChatSystem", swiftSettings: settings),
        .target(
            name: "ChatServerCore",
            dependencies: [
                "ChatProtocol",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: pure
        ),
        .target(
            name: "ChatSession",
            dependencies: [
                "ChatProtocol",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: pure
        ),
        .target(
            name: "ChatInterface",
            dependencies: ["ChatProtocol", "ChatSession"],
            swiftSettings: pure
        ),
        .target(
            name: "ChatSecurity",
            dependencies: [
                "ChatSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ChatServer",
            dependencies: [
                "CMalloc",
                "ChatProtocol",
                "ChatSecurity",
                "ChatServerCore",
                "ChatSystem",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ChatClient",
            dependencies: [
                "ChatProtocol",
                "ChatSecurity",
                "ChatSession",
                "ChatSystem",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The only target that talks to SQLite: GRDB brings Foundation with it.
        .target(
            name: "ChatStorage",
            dependencies: [
                "ChatProtocol",
                "ChatServerCore",
                "ChatSystem",
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ChatTUI",
            dependencies: [
                "CNcurses",
                "ChatClient",
                "ChatInterface",
                "ChatProtocol",
                "ChatSecurity",
                "ChatServer",
                "ChatServerCore",
                "ChatSession",
                "ChatStorage",
                "ChatSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ChatTestSupport",
            dependencies: [
                "ChatProtocol",
                "ChatSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            path: "Tests/ChatTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatProtocolTests",
            dependencies: ["ChatProtocol", "ChatTestSupport"],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatSystemTests",
            dependencies: ["ChatSystem", "ChatTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatServerCoreTests",
            dependencies: ["ChatProtocol", "ChatServerCore", "ChatTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatSessionTests",
            dependencies: ["ChatProtocol", "ChatSession", "ChatTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["ChatInterface", "ChatProtocol", "ChatServerCore", "ChatSession", "ChatTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatInterfaceTests",
            dependencies: ["ChatInterface", "ChatProtocol", "ChatSession", "ChatTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatSecurityTests",
            dependencies: [
                "ChatSecurity",
                "ChatSystem",
                "ChatTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatServerTests",
            dependencies: [
                "ChatProtocol",
                "ChatSecurity",
                "ChatServer",
                "ChatServerCore",
                "ChatTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatClientTests",
            dependencies: [
                "ChatClient",
                "ChatProtocol",
                "ChatSecurity",
                "ChatSession",
                "ChatTestSupport",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatStorageTests",
            dependencies: [
                "ChatProtocol",
                "ChatServer",
                "ChatServerCore",
                "ChatStorage",
                "ChatSystem",
                "ChatTestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChatTUITests",
            dependencies: [
                "ChatClient",
                "ChatInterface",
                "ChatProtocol",
                "ChatSecurity",
                "ChatServer",
                "ChatServerCore",
                "ChatSession",
                "ChatStorage",
                "ChatSystem",
                "ChatTUI",
                "ChatTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "ChatProtocol",
                "ChatTUI",
                "ChatTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
