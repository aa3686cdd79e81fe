#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Signals that are asked for instead of interrupting: no thread, lock or loop of anybody else can keep them from being seen.
struct ProcessSignals {
    /// Those that would end a process that does not expect them, though none of them says that it shall end.
    static let harmless = [SIGHUP, SIGUSR1, SIGUSR2, SIGALRM]
    /// Those that end it.
    static let ending = [SIGTERM, SIGINT, SIGQUIT]

    private var set = sigset_t()

    /// Holds these signals back from now on. To be called before the first thread is started: threads inherit it.
    init(holding signals: [Int32]) {
        set = Self.set(of: signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    private static func set(of signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }

    /// Ends this process by a signal, as if it had never been held back.
    static func end(by number: Int32) {
        signal(number, SIG_DFL)
        kill(getpid(), number)
        var set = set(of: [number])
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// The next of the signals; nil when none comes within the time.
    func next(within limit: Duration) -> Int32? {
        var set = set
        #if canImport(Darwin)
            // There is no sigtimedwait.
            let end = ContinuousClock.now + limit
            repeat {
                var pending = sigset_t()
                sigpending(&pending)
                if pending & set != 0 {
                    var signal: Int32 = 0
                    return sigwait(&set, &signal) == 0 ? signal : nil
                }
                usleep(20_000)
            } while .now < end
            return nil
        #else
            let (seconds, attoseconds) = limit.components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            let signal = sigtimedwait(&set, nil, &time)
            return signal > 0 ? signal : nil
        #endif
    }
}

/// A signal's name, for the log.
struct SignalName: CustomStringConvertible {
    let description: String

    init(_ number: Int32) {
        let names: [(Int32, String)] = [
            (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGQUIT, "SIGQUIT"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2"),
            (SIGALRM, "SIGALRM"),
        ]
        description = names.first { $0.0 == number }?.1 ?? "signal \(number)"
    }
}
