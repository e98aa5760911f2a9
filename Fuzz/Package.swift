// swift-tools-version: 6.2
import PackageDescription

let pure = Target.Dependency.product(name: "ChatPure", package: "chat-tui")

/// An executable whose `main` is libFuzzer's.
func fuzzer(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzSupport", pure],
        swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
    )
}

// Coverage-guided fuzzers over the pure modules. A package of its own, so that
// the sanitizer's flags reach nobody who only wants to chat. `./run` builds
// and runs them; see there.
let package = Package(
    name: "chat-tui-fuzz",
    dependencies: [
        .package(name: "chat-tui", path: "..")
    ],
    targets: [
        .target(name: "FuzzSupport", dependencies: [pure]),
        fuzzer("WireFuzzer"),
        fuzzer("StreamFuzzer"),
        fuzzer("RoomFuzzer"),
        fuzzer("SessionFuzzer"),
        fuzzer("InterfaceFuzzer"),
    ],
    swiftLanguageModes: [.v6]
)
