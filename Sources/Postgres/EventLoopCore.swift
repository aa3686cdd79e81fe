import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the loop's thread and the loop's users share. The thread keeps only this alive, so that releasing the ``EventLoop`` can end it.
final class EventLoopCore: Sendable {
    enum Command: Sendable {
        /// The loop travels with the job: the executor must outlive the job that it runs.
        case run(UnownedJob, EventLoop)
        /// The same for a task of no actor.
        case runTask(UnownedJob, LoopTaskExecutor)
        case watch(WaitTable.Wait)
        /// Ends a wait; ignored when it has ended already.
        case finish(UInt64, Wakeup)
        case stop
    }

    private struct Inbox {
        var commands: [Command] = []
        /// True while the thread waits for readiness, or is about to, and nobody has woken it yet.
        var isAsleep = false
    }

    private let inbox = Mutex(Inbox())
    private let lastWaitID = Atomic<UInt64>(0)
    private let readiness: ReadinessQueue
    /// Read by the watchdog of another thread.
    let heartbeat = Heartbeat()

    /// - Throws: when the system refuses the descriptors that a loop takes.
    init() throws(PostgresError) {
        guard let readiness = ReadinessQueue() else {
            throw PostgresError(.outOfResources, "no descriptors for an event loop: \(String(cString: strerror(errno)))")
        }
        self.readiness = readiness
    }

    func newWaitID() -> UInt64 {
        lastWaitID.add(1, ordering: .relaxed).newValue
    }

    /// Hands a command to the thread, from any thread.
    func post(_ command: Command) {
        let mustWake = inbox.withLock { inbox in
            inbox.commands.append(command)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake {
            readiness.wake()
        }
    }

    /// Suspends until the descriptor (-1: none) is ready, `finish` is posted for `id`, the deadline passes or the task is cancelled.
    ///
    /// `isAlreadyOver` is asked once the wait is registered: a `finish` or a cancellation that came before the registration found nothing to end.
    nonisolated(nonsending) func wait(
        _ id: UInt64,
        for interest: Interest,
        on descriptor: Int32,
        until deadline: ContinuousClock.Instant,
        isAlreadyOver: () -> Bool = { false }
    ) async -> Wakeup {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                post(.watch(WaitTable.Wait(id: id, interest: interest, descriptor: descriptor, deadline: deadline, continuation: continuation)))
                if Task.isCancelled {
                    post(.finish(id, .cancelled))
                } else if isAlreadyOver() {
                    post(.finish(id, .ready))
                }
            }
        } onCancel: {
            post(.finish(id, .cancelled))
        }
    }

    // MARK: - The thread

    /// The loop itself; returns after `stop`.
    func run() {
        var table = WaitTable(readiness)
        var batch: [Command] = []
        defer { heartbeat.rest() }
        while true {
            // Jobs post further jobs and waits, so a few rounds save system calls; not more, lest a busy actor starve the sockets.
            for _ in 0..<16 where takeCommands(into: &batch) {
                heartbeat.beat()
                for command in batch {
                    switch command {
                    case .run(let job, let loop): job.runSynchronously(on: loop.asUnownedSerialExecutor())
                    case .runTask(let job, let executor): job.runSynchronously(on: executor.asUnownedTaskExecutor())
                    case .watch(let wait): table.add(wait)
                    case .finish(let id, let wakeup): table.finish(id, wakeup)
                    case .stop: return
                    }
                }
                batch.removeAll(keepingCapacity: true)
            }
            let maySleep = inbox.withLock { inbox in
                inbox.isAsleep = inbox.commands.isEmpty
                return inbox.isAsleep
            }
            if maySleep {
                heartbeat.rest()
            }
            table.turn(maySleep: maySleep)
            inbox.withLock { $0.isAsleep = false }
        }
    }

    private func takeCommands(into batch: inout [Command]) -> Bool {
        inbox.withLock { swap(&$0.commands, &batch) }
        return !batch.isEmpty
    }
}
