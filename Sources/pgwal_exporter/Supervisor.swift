import Logging

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the main thread does while others serve: it waits for signals and looks after the loops. Nothing else can hold it up, so
/// the process ends when it is told to, whatever hangs.
struct Supervisor {
    let signals: ProcessSignals
    let watchdog: Watchdog
    /// nil: nobody wants to hear of us.
    let manager: ServiceManager?
    /// For the manager, in one line.
    let status: () -> String
    /// From the first signal until the end that does not wait any longer.
    let gracePeriod: () -> Duration
    let logger: Logger
    /// Reads the configuration again. Waits for nothing.
    let reload: () -> Void
    /// Begins the graceful end, which ends the process itself when it is done.
    let stop: () -> Void

    func run() -> Never {
        var end: ContinuousClock.Instant?
        while true {
            if let signal = signals.next(within: .seconds(1)) {
                switch signal {
                case SIGTERM, SIGINT:
                    guard end == nil else { give(up: "told a second time to stop: ended at once") }
                    logger.notice("stopping", metadata: ["signal": "\(SignalName(signal))"])
                    manager?.stopping()
                    end = .now + gracePeriod()
                    stop()
                case SIGQUIT: quit()
                case SIGHUP:
                    if end == nil {
                        logger.notice("reloading the configuration", metadata: ["signal": "SIGHUP"])
                        reload()
                    } else {
                        logger.notice("SIGHUP comes too late: the exporter is stopping")
                    }
                default: logger.warning("\(SignalName(signal)) has no meaning here; SIGHUP reloads the configuration")
                }
            }
            if let end, .now >= end { give(up: "did not stop in time: ended") }
            watchdog.look(at: .now)
            if let manager { manager.look(at: .now, status: status(), isTurning: watchdog.problem == nil) }
        }
    }

    private func give(up reason: Logger.Message) -> Never {
        logger.critical(reason, metadata: watchdog.problem.map { ["problem": "\($0)"] })
        ProcessEnd.now(1)
    }

    /// As the system would have it: at once, and with a core file where that is allowed.
    private func quit() -> Never {
        logger.critical("ended at once", metadata: ["signal": "SIGQUIT"])
        ProcessEnd.now(by: SIGQUIT)
    }
}
