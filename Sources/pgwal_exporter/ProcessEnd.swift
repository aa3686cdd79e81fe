#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The end of a process that has threads.
enum ProcessEnd {
    /// How long the log's reader is waited for.
    private static let patience = Duration.seconds(1)

    /// Writes what is left of the log, and ends.
    ///
    /// Without what libraries have registered for the end: OpenSSL would free its tables under threads that still use them.
    static func now(_ status: Int32) -> Never {
        LogQueue.standardError.flush(within: patience)
        _exit(status)
    }

    /// Writes what is left of the log, and ends by a signal, so that whoever waits for the process sees that.
    static func now(by signal: Int32) -> Never {
        LogQueue.standardError.flush(within: patience)
        ProcessSignals.end(by: signal)
        // The first process of a container is spared by its own signals: the status is as shells tell it.
        _exit(128 + signal)
    }
}
