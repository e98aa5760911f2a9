// swift-tools-version: 6.2
import PackageDescription

// Coverage-guided fuzzers over the pure modules. A package of its own, so that
// the sanitizer's flags reach nobody who only wants to chat. `./run` builds
// and runs them; see there.
let package = Package(
    name: "chat-tui-fuzz",
    dependencies: [
        .package(name: "chat-tui", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "WireFuzzer",
            dependencies: [.product(name: "ChatPure", package: "chat-tui")],
            swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        )
    ],
    swiftLanguageModes: [.v6]
)
