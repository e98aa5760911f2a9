internal import Testing

/// Everything here runs the built program: real processes, sockets and terminals.
///
/// One at a time, because two screens that wait for the same
/// two cores would wait for each other.
@Suite("End to end", .serialized, .timeLimit(.minutes(10)))
enum EndToEnd {}
