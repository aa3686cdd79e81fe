import Logging

/// What the main thread does while others serve: it waits for signals and looks after the loops. Nothing else can hold it up, so
/// the process ends when it is told to, whatever hangs.
struct Supervisor {
    let signals: ProcessSignals
    let watchdog: Watchdog
    /// From the first signal until the end that does not wait any longer.
    let gracePeriod: Duration
    let logger: Logger
    /// Begins the graceful end, which ends the process itself when it is done.
    let stop: () -> Void

    func run() -> Never {
        var end: ContinuousClock.Instant?
        while true {
            if signals.next(within: .seconds(1)) != nil {
                guard end == nil else { give(up: "told a second time to stop: ended at once") }
                end = .now + gracePeriod
                stop()
            }
            if let end, .now >= end { give(up: "did not stop in time: ended") }
            watchdog.look(at: .now)
        }
    }

    private func give(up reason: Logger.Message) -> Never {
        logger.critical(reason, metadata: watchdog.problem.map { ["problem": "\($0)"] })
        ProcessEnd.now(1)
    }
}
