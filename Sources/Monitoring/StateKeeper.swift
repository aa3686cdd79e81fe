import Dispatch
import Judgement
package import Logging
package import MetricCatalog
package import Memory
import Postgres
import ReplicationModel
import Synchronization

/// Keeps in a file what must outlive the process: reads it at the start, writes it at most once a minute and at the end.
///
/// All that touches the disk is done on a thread of its own, and everybody who waits for it does so with a limit: a disk that hangs costs the memory,
/// and nothing else.
package final class StateKeeper: Sendable {
    private let file: StateFile
    private let logger: Logger
    private let interval: Duration
    private let state = Mutex(State())

    private struct State {
        var isLoaded = false
        var lastWrite: Double?
        var errors: Int64 = 0
        /// What was told last; nil: all is well.
        var told: String?
        var isWriting = false
        /// The start did not wait for it any longer.
        var isLoadedTooLate = false
        var clock: Task<Void, Never>?
    }

    /// A target that is busy with something else for longer stops the writing.
    private static let patience = Duration.seconds(5)

    /// - Parameter interval: between two writings.
    package init(path: String, interval: Duration = .seconds(60), logger: Logger) {
        file = StateFile(path)
        self.interval = interval
        var logger = logger
        logger[metadataKey: "state"] = "\(path)"
        self.logger = logger
    }

    /// For the metrics.
    package var report: ExporterReport.State {
        state.withLock { .init(isLoaded: $0.isLoaded, lastWrite: $0.lastWrite, writeErrors: $0.errors) }
    }

    // MARK: - Reading

    /// What is remembered, as far as it is there within the time. Waits, on the thread that calls.
    package func load(within limit: Duration = .seconds(3)) -> Remembered? {
        let done = DispatchSemaphore(value: 0)
        let answer = ThreadAnswer<StateFile.Loaded>()
        let isStarted = BackgroundThread.start(name: "pgwal-state") { [file] in
            let loaded = file.load()
            answer.value.withLock { $0 = loaded }
            done.signal()
        }
        guard isStarted else { return tell("the system refuses another thread to read it") }
        guard done.wait(timeout: .now() + limit / .seconds(1)) == .success, let loaded = answer.value.withLock(\.self) else {
            state.withLock { $0.isLoadedTooLate = true }
            return tell("it was not read within \(limit): what is remembered is not known, and nothing is written there")
        }
        return take(loaded)
    }

    private func tell(_ problem: String) -> Remembered? {
        logger.error("the state file cannot be used", metadata: ["error": "\(problem)"])
        return nil
    }

    private func take(_ loaded: StateFile.Loaded) -> Remembered? {
        switch loaded {
        case .missing:
            logger.notice("there is no state file yet: nothing is remembered of before")
            return nil
        case .whole(let remembered):
            state.withLock { $0.isLoaded = true }
            logger.notice(
                "state file read",
                metadata: [
                    "targets": "\(remembered.targets.count)", "events": "\(remembered.events.count)",
                    "written": "\(HumanText.time(remembered.at))",
                ]
            )
            return remembered
        case .damaged(let remembered, let problem, let kept):
            logger.error(
                "the state file is not whole",
                metadata: ["error": "\(problem)", "file": "\(kept)", "targets": "\(remembered?.targets.count ?? 0)"]
            )
            return remembered
        case .unreadable(let reason): return tell(reason)
        }
    }

    // MARK: - Writing

    /// Begins to write what a fleet remembers.
    package func begin(_ fleet: Fleet) {
        let clock = Task(priority: .medium) { [interval] in
            // Soon once, so that it is told at the start when it cannot be written.
            var pause = min(interval, .seconds(5))
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    // Cancelled, and nothing else makes it throw: the exporter stops, and end(_:within:) writes for the last time.
                    return
                }
                self.write(fleet, isComplete: false) {}
                pause = interval
            }
        }
        state.withLock { $0.clock = clock }
    }

    /// Writes for the last time, and waits for it so long.
    package func end(_ fleet: Fleet, within limit: Duration = .seconds(2)) async {
        state.withLock { $0.clock }?.cancel()
        let deadline = ContinuousClock.now + limit
        // The one under way knows less.
        while state.withLock(\.isWriting), ContinuousClock.now < deadline {
            // Where the caller is cancelled it returns at once, and the deadline ends the loop all the same.
            try? await Task.sleep(for: .milliseconds(20))
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let waiting = FirstEnd(continuation)
            write(fleet, isComplete: true) { waiting.resume() }
            Task {
                // Nobody has this task, so nobody cancels it: the error cannot come.
                try? await Task.sleep(until: deadline, clock: .continuous)
                waiting.resume()
            }
        }
    }

    private func write(_ fleet: Fleet, isComplete: Bool, _ done: @escaping @Sendable () -> Void) {
        let problem: String? = state.withLock { state in
            if state.isLoadedTooLate { return "it was read too late" }
            if state.isWriting { return "the writing before has not ended" }
            state.isWriting = true
            return nil
        }
        if let problem {
            ended(problem)
            return done()
        }
        let isStarted = BackgroundThread.start(name: "pgwal-state") { [self] in
            defer { done() }
            var problem: String?
            do {
                try write(fleet, isComplete)
            } catch let error as StateFile.Failure {
                problem = error.text
            } catch {
                problem = "a target did not tell in time what it remembers"
            }
            state.withLock { $0.isWriting = false }
            ended(problem)
        }
        guard !isStarted else { return }
        state.withLock { $0.isWriting = false }
        ended("the system refuses another thread to write it")
        done()
    }

    /// Target by target, so that the memory of all is never there twice.
    private func write(_ fleet: Fleet, _ isComplete: Bool) throws {
        let (remembered, names) = fleet.remembered(isComplete: isComplete)
        var writing = StateWriting()
        try file.write { append in
            try append(writing.beginning(of: remembered))
            for name in names {
                if let target = try ThreadAnswer.wait(for: Self.patience, { await fleet.remembered(of: name) }) { try append(writing.target(target)) }
            }
            try append(writing.end(events: remembered.events))
        }
    }

    /// - Parameter problem: nil: it was written.
    private func ended(_ problem: String?) {
        let isNew = state.withLock { state in
            if problem == nil { state.lastWrite = WallClock.now() } else { state.errors += 1 }
            defer { state.told = problem }
            return state.told != problem
        }
        guard isNew else { return }
        if let problem {
            logger.error("the state file cannot be written", metadata: ["error": "\(problem)"])
        } else {
            logger.notice("the state file can be written again")
        }
    }
}
