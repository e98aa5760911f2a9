public import Dispatch
internal import Foundation

/// How long a test waits for something before it fails.
///
/// It only keeps a test from hanging, so it is long enough for a very busy machine. No test measures time with it: that
/// is done with a virtual clock or a benchmark.
public struct Patience {
    /// The whole time, in milliseconds.
    public static let milliseconds = 120_000

    private let end = ContinuousClock.now.advanced(by: .milliseconds(Self.milliseconds))

    /// Begins to wait.
    public init() {}

    /// Whether it is time to give up.
    public var isOver: Bool { left <= 0 }

    /// What is left of it, in milliseconds, as `poll` wants it.
    public var left: Int32 {
        let (seconds, attoseconds) = (end - .now).components
        return Int32(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}

/// What a test reports when something that had to come did not.
public struct Overdue: Error, CustomStringConvertible {
    /// What it was.
    public let description: String

    /// Creates the report.
    public init(_ description: String) {
        self.description = description
    }
}

/// Evaluates `condition` again and again until it returns something.
///
/// - Parameter what: What is waited for, said where it never comes.
/// - Throws: ``Overdue``, or what the condition throws.
@discardableResult
public func eventually<Value>(_ what: @autoclosure () -> String, _ condition: () throws -> Value?) throws -> Value {
    let patience = Patience()
    while true {
        if let value = try condition() { return value }
        guard !patience.isOver else { throw Overdue(what()) }
        // Leaves the processor to what is waited for.
        usleep(20_000)
    }
}

extension DispatchSemaphore {
    /// Waits for a signal; false where it never comes.
    public func isSignalled() -> Bool {
        wait(timeout: .now() + .milliseconds(Patience.milliseconds)) == .success
    }
}
