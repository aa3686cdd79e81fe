#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Signals that are asked for instead of interrupting: no thread, lock or loop of anybody else can keep them from being seen.
struct ProcessSignals {
    private var set = sigset_t()

    /// Holds these signals back from now on. To be called before the first thread is started: threads inherit it.
    init(holding signals: [Int32]) {
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
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
