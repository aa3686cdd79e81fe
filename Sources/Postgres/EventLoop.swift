/// One thread that runs the jobs of the actors pinned to it and, between jobs, waits for their sockets and deadlines.
///
/// A ``Session`` is such an actor: its libpq calls are short and never block, so one loop serves hundreds of connections, while the code reads
/// as plain `async`. A loop of its own isolates a session completely at the price of a thread. The thread ends when the loop is released.
package final class EventLoop: SerialExecutor, Sendable {
    /// The loop that all sessions share unless they are given another one.
    package static let shared: EventLoop = {
        do throws(PostgresError) {
            return try starting.get()
        } catch {
            fatalError(error.description)
        }
    }()

    private static let starting = Result { () throws(PostgresError) in try EventLoop(name: "pgwal-io") }

    /// Starts ``shared``, which cannot tell what went wrong, where its failure can be told.
    /// - Throws: `outOfResources` when the system refuses descriptors or a thread.
    package static func startShared() throws(PostgresError) {
        _ = try starting.get()
    }

    let core: EventLoopCore

    /// Starts the loop's thread; `name` (at most 15 bytes) is what `top -H` shows.
    /// - Throws: `outOfResources` when the system refuses descriptors or a thread.
    package init(name: String) throws(PostgresError) {
        let core = try EventLoopCore()
        self.core = core
        if let refusal = BackgroundThread.refusal(toStart: name, { core.run() }) {
            throw refusal
        }
    }

    deinit {
        core.post(.stop)
    }

    /// How long the loop has been in its present round of jobs; nil while it waits for readiness, as it should nearly always. For a watchdog on
    /// a thread of its own: a round takes milliseconds, so that seconds mean a job that waits or spins. Costs an atomic read.
    package func stalled(at now: ContinuousClock.Instant = .now) -> Duration? {
        core.heartbeat.stalled(at: now)
    }

    /// How many rounds of jobs the loop has begun; wraps around.
    package var roundsTotal: UInt64 { core.heartbeat.rounds }

    /// Runs the job on the loop's thread. Part of `SerialExecutor`; not for direct use.
    package func enqueue(_ job: consuming ExecutorJob) {
        core.post(.run(UnownedJob(job), self))
    }

    /// Suspends the calling task until the descriptor is ready for `interest`. One task at a time waits for a descriptor.
    ///
    /// Also a descriptor that is broken, hung up or closed counts as ready: the next call on it tells what is wrong.
    /// - Throws: ``WaitFailure/deadlinePassed`` at `deadline`, ``WaitFailure/cancelled`` as soon as the task is cancelled.
    package nonisolated(nonsending) func wait(
        for interest: Interest,
        on descriptor: Int32,
        until deadline: ContinuousClock.Instant
    ) async throws(WaitFailure) {
        let wakeup = await core.wait(core.newWaitID(), for: interest, on: descriptor, until: deadline)
        if let failure = WaitFailure(wakeup) {
            throw failure
        }
    }
}

extension EventLoop {
    /// Suspends the calling task until the deadline, on the loop's own timer.
    /// - Throws: ``WaitFailure/cancelled`` as soon as the task is cancelled.
    package nonisolated(nonsending) func sleep(until deadline: ContinuousClock.Instant) async throws(WaitFailure) {
        if case .cancelled = await core.wait(core.newWaitID(), for: [], on: -1, until: deadline) { throw .cancelled }
    }
}

/// What a suspended task wants to do with a descriptor.
package struct Interest: OptionSet, Sendable {
    /// The bits of the cases below.
    package let rawValue: UInt8

    /// From the bits of the cases below.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Data, or the end of the stream, can be read.
    package static let readable = Interest(rawValue: 1)
    /// Data can be written.
    package static let writable = Interest(rawValue: 2)
}

/// Why a wait ended without the event.
package enum WaitFailure: Error, Equatable, Sendable {
    /// The deadline came first.
    case deadlinePassed
    /// The task was cancelled.
    case cancelled

    init?(_ wakeup: Wakeup) {
        switch wakeup {
        case .ready: return nil
        case .deadlinePassed: self = .deadlinePassed
        case .cancelled: self = .cancelled
        }
    }
}

/// How a wait ended.
enum Wakeup: Sendable {
    case ready, deadlinePassed, cancelled
}
