import ExporterConfiguration
import Logging
import Postgres
package import ReplicationModel
import WALClock

/// Watches one target over its one connection.
///
/// A shell: ``TargetState`` decides what is done, ``TargetRecord`` knows what has been learnt; here it is carried out. Collections are
/// shared: whoever asks while one is under way gets that one, or what is known when he cannot wait for it.
///
/// Runs on its session's event loop, so that a scrape does not change threads at every step.
package actor TargetMonitor {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    package nonisolated let name: String
    nonisolated let loop: EventLoop
    /// Where the monitor's own tasks run: what they call that is no actor's would else go to the global pool and back.
    nonisolated let executor: LoopTaskExecutor
    let filesystemReader = WALFilesystemReader()
    let logger: Logger
    private let makeSession: MakeSession

    private var assignment: TargetAssignment
    /// Where the connection string leads.
    private var addresses: [ServerAddress]
    private var labels: [(name: String, value: String)]
    private var session: any TargetSession
    private(set) var state: TargetState
    var record: TargetRecord
    /// Sessions opened to the server, and how many of them before the present session.
    private var connects = 0
    private var formerConnects = 0
    private var job: Task<Void, Never>?
    private var alarm: (at: ContinuousClock.Instant, task: Task<Void, Never>)?
    private var closing: Task<Void, Never>?
    private var answers: [TargetState.Caller.ID: @Sendable (TargetReport) -> Void] = [:]
    private var lastCaller: TargetState.Caller.ID = 0

    /// Makes a session for what is to be watched, on a loop.
    typealias MakeSession = @Sendable (TargetAssignment, EventLoop) -> any TargetSession

    /// How long somebody waits for a report, and how old it may be.
    package struct Patience: Sendable, Hashable {
        /// Then there is an answer, whatever is known.
        package var deadline: ContinuousClock.Instant
        /// A report of a collection that is no older is given at once; zero: it shall be made for this call.
        package var maximumAge: Duration
        /// At the deadline, a report of an earlier collection will do that is no older.
        package var tolerance: Duration

        package init(until deadline: ContinuousClock.Instant, maximumAge: Duration = .zero, tolerance: Duration = Self.usualTolerance) {
            self.deadline = deadline
            self.maximumAge = maximumAge
            self.tolerance = tolerance
        }

        /// Two of the longest intervals at which servers are usually scraped.
        package static let usualTolerance = Duration.seconds(120)
    }

    /// - Parameters:
    ///   - arrival: when the target came, while others were being served; nil: with them.
    ///   - restored: what a former process remembered, and when it did, Unix time.
    ///   - loop: where the session runs; one for all targets unless a measurement wants otherwise.
    init(
        _ assignment: TargetAssignment,
        arrival: ContinuousClock.Instant? = nil,
        restored: (history: ServerHistory, at: Double)? = nil,
        logger: Logger,
        on loop: EventLoop,
        makeSession: @escaping MakeSession = TargetAssignment.session
    ) {
        let target = assignment.entry.target
        var logger = logger
        logger[metadataKey: "target"] = "\(target.name)"
        self.loop = loop
        self.executor = loop === EventLoop.shared ? .shared : LoopTaskExecutor(loop)
        self.name = target.name
        self.logger = logger
        self.makeSession = makeSession
        self.assignment = assignment
        self.addresses = assignment.addresses
        self.labels = assignment.labels
        self.session = makeSession(assignment, loop)
        self.record = TargetRecord(disabled: assignment.disabled, restored: restored, logger: logger)
        self.state = TargetState(assignment.limits, seed: .random(in: 0 ... .max), arrival: arrival)
    }

    var serverAddresses: [ServerAddress] { addresses }

    var walDirectory: String? { assignment.entry.target.walDirectory }

    /// Follows what is configured now, with the connection when that leads where it did, and with all that is remembered in any case.
    func adopt(_ assignment: TargetAssignment) async {
        let former = self.assignment
        guard assignment.version > former.version else { return }
        self.assignment = assignment
        labels = assignment.labels
        addresses = assignment.addresses
        record.disable(assignment.disabled)
        let isMoved = assignment.entry.change(from: former.entry) == .connection
        if isMoved {
            logger.notice("connecting anew, as it is configured now")
            let former = session
            session = makeSession(assignment, loop)
            Task(executorPreference: executor) { await self.retire(former) }
        }
        let mustLook = assignment.entry.target.walDirectory != former.entry.target.walDirectory
        handle(.changed(assignment.limits, isMoved: isMoved, mustLook: mustLook))
        await session.setStatementTimeout(self.assignment.collection.timeout)
    }

    private func retire(_ session: any TargetSession) async {
        await session.close()
        formerConnects += await session.connectsTotal
    }

    /// Begins the first collection, so that the first scrape finds it done or under way, and the sampling.
    package func start() {
        handle(.start)
    }

    /// Ends what is under way and closes the connection.
    package func stop() async {
        handle(.stop)
        alarm?.task.cancel()
        await closing?.value
    }

    /// A report as new as it was asked for, or what is known at the caller's deadline.
    package func report(_ patience: Patience) async -> TargetReport {
        await withCheckedContinuation { continuation in
            report(patience) { continuation.resume(returning: $0) }
        }
    }

    /// The same by a call, which comes once, at the latest a moment after the deadline.
    package func report(_ patience: Patience, to answer: @escaping @Sendable (TargetReport) -> Void) {
        lastCaller += 1
        answers[lastCaller] = answer
        handle(
            .asked(
                .init(
                    id: lastCaller,
                    begin: .now,
                    deadline: patience.deadline,
                    maximumAge: patience.maximumAge,
                    tolerance: patience.tolerance
                )
            )
        )
    }

    /// How far each of some standbys is behind this target's server; see ``TargetRecord/distance(of:as:)``.
    func distances(of standbys: [StandbyPosition]) -> [BehindPrimary?] {
        standbys.map { record.distance(of: $0, as: name) }
    }

    /// What is to outlive the process, and as of when, Unix time.
    func kept() -> (history: ServerHistory.Kept?, at: Double) {
        record.kept(at: WallClock.moment(.now))
    }

    // MARK: - Carrying out

    private func handle(_ event: TargetState.Event) {
        for action in state.handle(event, at: .now) { carryOut(action) }
        setAlarm()
    }

    private func carryOut(_ action: TargetState.Action) {
        switch action {
        case .begin(let job, let limit):
            self.job = Task(executorPreference: executor) { [session] in await self.perform(job, on: session, until: limit) }
        case .abandon: job?.cancel()
        case .look: Task(executorPreference: executor) { await self.look() }
        case .answer(let caller, let answer): answers.removeValue(forKey: caller)?(report(answer))
        case .tellDown(let reason): record.isDown(reason)
        case .close: closing = Task { [session] in await session.close() }
        }
    }

    private func perform(_ job: TargetState.Job, on session: any TargetSession, until limit: ContinuousClock.Instant) async {
        let ending = await ending(of: job, on: session, until: limit)
        // What a former session has opened is added once that is closed: the number never falls.
        let opened = await self.session.connectsTotal
        connects = max(connects, formerConnects + opened)
        handle(.ended(ending, isConnected: await session.isConnected))
    }

    private func look() async {
        await lookAtFilesystem()
        handle(.looked)
    }

    /// One that is set already and comes too early does no harm: it finds nothing to do. So a scrape seldom costs a timer.
    private func setAlarm() {
        guard let next = state.alarm else { return }
        if let alarm, alarm.at <= next { return }
        alarm?.task.cancel()
        alarm = (next, Task(executorPreference: executor) { await self.ring(at: next) })
    }

    private func ring(at instant: ContinuousClock.Instant) async {
        // A sleep throws only when it is cancelled: an earlier alarm was set.
        guard (try? await loop.sleep(until: instant)) != nil, alarm?.at == instant else { return }
        alarm = nil
        handle(.alarm)
    }

    // MARK: - Reports

    private func report(_ answer: TargetState.Answer) -> TargetReport {
        switch answer {
        case .collected: report(known, after: state.latestDuration)
        case .known: report(known, after: state.latestDuration, isPending: true)
        case .down(let reason, let duration): report(.down(reason: reason), after: duration)
        case .unanswered(let reason): report(.unanswered(reason: reason), after: .zero, isPending: true)
        }
    }

    private var known: TargetReport.Outcome {
        record.latest.map { .up($0) } ?? .unanswered(reason: "not collected yet")
    }

    private func report(_ outcome: TargetReport.Outcome, after duration: Duration, isPending: Bool = false) -> TargetReport {
        var report = TargetReport(
            name: name,
            labels: labels,
            outcome: outcome,
            seconds: duration / .seconds(1),
            connects: connects,
            errors: record.errors,
            addresses: addresses,
            isPending: isPending
        )
        guard let latest = record.latest, let at = record.latestMoment else { return report }
        if case .up = outcome { report.collectedAt = at } else { report.lastSeen = .snapshot(latest, at: at.wall) }
        return report
    }
}
