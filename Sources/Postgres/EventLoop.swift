/// One thread that runs the jobs of the actors pinned to it and, between jobs, waits with poll(2) for their sockets and deadlines.
///
/// A ``Session`` is such an actor: its libpq calls are short and never block, so one loop serves hundreds of connections, while the code reads
/// as plain `async`. A loop of its own isolates a session completely at the price of a thread. The thread ends when the loop is released.
package final class EventLoop: SerialExecutor, Sendable {
    /// The loop that all sessions share unless they are given another one.
    package static let shared = EventLoop(name: "pgwal-io")

    let core: EventLoopCore

    /// Starts the loop's thread; `name` (at most 15 bytes) is what `top -H` shows.
    package init(name: String) {
        let core = EventLoopCore()
        self.core = core
        guard BackgroundThread.start(name: name, { core.run() }) else {
            fatalError("no thread for an event loop: the system's limit of threads is reached")
        }
    }

    deinit {
        core.post(.stop)
    }

    /// Runs the job on the loop's thread. Part of `SerialExecutor`; not for direct use.
    package func enqueue(_ job: consuming ExecutorJob) {
        core.post(.run(UnownedJob(job), self))
    }

    /// Suspends the calling task until the descriptor is ready for `interest`.
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
    /// The `poll` event bits.
    package let rawValue: Int16

    /// From `poll` event bits.
    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }
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
