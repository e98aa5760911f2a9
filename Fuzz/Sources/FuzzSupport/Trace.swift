import Glibc

private let isTraced = getenv("FUZZ_TRACE") != nil

/// Says what happens, where `FUZZ_TRACE` is set: to see what a finding does.
public func trace(_ words: @autoclosure () -> String) {
    if isTraced { print(words()) }
}
