package import ExporterConfiguration
package import Logging
package import Memory
package import Patroni
package import Postgres
package import ReplicationModel
package import Judgement
import Synchronization

/// All targets, each with its own monitor: none waits for another. Members of Patroni clusters come and go as Patroni tells.
package final class Fleet: Sendable {
    private static let manyTargets = 50
    private static let trimInterval = Duration.seconds(5)

    let logger: Logger
    private let loops: @Sendable () -> EventLoop
    private let makeSession: TargetMonitor.MakeSession
    /// nil when Patroni is left out.
    let patroni: PatroniWatch?
    let state: Mutex<State>

    struct State {
        var configuration: Configuration
        var roster: FleetRoster
        /// What the monitors watch, in the order of the page.
        var entries: [FleetRoster.Entry] = []
        /// Grows whenever the targets change.
        var version = 0
        /// By name; those of targets that are gone have been taken out.
        var monitors: [String: TargetMonitor] = [:]
        /// In the order of the page.
        var order: [TargetMonitor] = []
        var memory = FleetMemory()
        /// By name: whether the target was up when it was asked last.
        var answers: [String: Bool] = [:]
        var primaries = PrimaryTargets()
        /// What a former process remembered of targets that are not watched yet.
        var restored = Restored()
        var journal = EventJournal()
        /// By name: what the next look is compared with.
        var observed: [String: ObservedTarget] = [:]
        /// By name: the collection of which that is.
        var noted: [String: Moment] = [:]
        /// By the cluster's name.
        var leaders: [String: String] = [:]
        var trimmedAt: ContinuousClock.Instant?
        var isStarted = false
        var isStopped = false
    }

    /// - Parameters:
    ///   - connections: how Patroni is reached; nil leaves it out.
    ///   - remembered: by a former process; nil: nothing.
    ///   - loops: where the sessions run: by default one I/O thread for all.
    package convenience init(
        _ configuration: Configuration,
        patroni connections: PatroniConnections? = nil,
        remembered: Remembered? = nil,
        logger: Logger,
        loops: @escaping @Sendable () -> EventLoop = { .shared }
    ) {
        self.init(
            configuration,
            patroni: connections,
            remembered: remembered,
            logger: logger,
            loops: loops,
            makeSession: TargetAssignment.session
        )
    }

    init(
        _ configuration: Configuration,
        patroni connections: PatroniConnections? = nil,
        remembered: Remembered? = nil,
        logger: Logger,
        loops: @escaping @Sendable () -> EventLoop = { .shared },
        makeSession: @escaping TargetMonitor.MakeSession
    ) {
        self.logger = logger
        self.loops = loops
        self.makeSession = makeSession
        patroni = connections.map { PatroniWatch(configuration.patroni, $0, logger: logger) }
        state = Mutex(
            State(configuration: configuration, roster: FleetRoster(configuration, addresses: Self.addresses(of: configuration)))
        )
        state.withLock { state in
            if let remembered { Self.restore(remembered, in: &state) }
            _ = follow(&state)
        }
    }

    /// Where the connection strings of the configured targets lead.
    static func addresses(of configuration: Configuration) -> [String: [ServerAddress]] {
        let addresses = configuration.targets.map { target in
            (target.name, ConnectionParameters.endpoints(of: target.dsn.reveal()).map { ServerAddress(host: $0.host, port: $0.port) })
        }
        return Dictionary(addresses) { first, _ in first }
    }

    /// The targets' names: the configured ones in the order of the configuration, then members of Patroni.
    package var names: [String] { monitors.map(\.name) }

    /// What Patroni said last of each cluster, in the order of the configuration.
    package var clusters: [PatroniCluster] { state.withLock { $0.roster.clusters } }

    /// Begins to connect to all targets, and to ask Patroni.
    package func start() async {
        let monitors = state.withLock { state in
            state.isStarted = true
            return state.order
        }
        for monitor in monitors { await monitor.start() }
        discover(andGoOn: true)
    }

    /// Closes all connections.
    package func stop() async {
        let monitors = state.withLock { state in
            state.isStopped = true
            return state.order
        }
        patroni?.stop()
        await withTaskGroup { group in
            for monitor in monitors { group.addTask { await monitor.stop() } }
        }
    }

    /// Does work that awaits the fleet on the thread that serves its connections: gathering a page there changes threads twice,
    /// elsewhere dozens of times.
    package func onItsThread<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
        try await withTaskExecutorPreference(LoopTaskExecutor.shared, operation: work)
    }

    // MARK: - Reports

    /// A report of every target, in the order of `names`. All are there by the deadline.
    package func reports(until deadline: ContinuousClock.Instant) async -> [TargetReport] {
        await reports(notOlderThan: .zero, until: deadline)
    }

    /// A report of every target, in the order of `names`, from collections that are at most so old.
    package func reports(notOlderThan age: Duration, until deadline: ContinuousClock.Instant) async -> [TargetReport] {
        let reports = await withMembers(until: deadline) { await Gathering.reports(of: $0, .init(until: deadline, maximumAge: age)) }
        // The answers of hundreds of servers at once are a burst; what it took is free now, but scattered.
        if reports.count >= Self.manyTargets, isTimeToTrim() { ClientLibrary.trimMemory() }
        return await judgedByPrimaries(state.withLock { state in reports.map { Self.complete($0, &state, logger) } })
    }

    /// Trimming walks all memory: not for every one of several scrapers.
    private func isTimeToTrim() -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard state.trimmedAt.map({ now - $0 >= Self.trimInterval }) ?? true else { return false }
            state.trimmedAt = now
            return true
        }
    }

    /// A report of one target; nil when there is none of that name.
    package func report(of name: String, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        await report(of: name, .init(until: deadline))
    }

    /// A report of one target from a collection that is at most so old, also at the deadline; nil when there is none of that name.
    package func report(of name: String, notOlderThan age: Duration, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        await report(of: name, .init(until: deadline, maximumAge: age, tolerance: age))
    }

    private func report(of name: String, _ patience: TargetMonitor.Patience) async -> TargetReport? {
        guard let monitor = await monitor(of: name, until: patience.deadline) else { return nil }
        let report = await monitor.report(patience)
        return await judgedByPrimaries([state.withLock { Self.complete(report, &$0, logger) }]).first
    }

    /// Everything that is known now, from collections that are made for this call.
    package func view(until deadline: ContinuousClock.Instant) async -> FleetView {
        let reports = await reports(until: deadline)
        return state.withLock { state in
            FleetView(
                reports: reports,
                clusters: state.roster.clusters,
                splits: state.memory.splits,
                silentLinks: state.memory.silentLinks,
                wasStandby: state.memory.wereStandbys,
                silences: state.configuration.silences.compactMap(Silence.init),
                now: WallClock.now()
            )
        }
    }

    var monitors: [TargetMonitor] { state.withLock { $0.order } }

    /// Adds to a report what the server itself does not know, and remembers what must be remembered.
    private static func complete(_ report: TargetReport, _ state: inout State, _ logger: Logger) -> TargetReport {
        var report = report
        Self.note(report, in: &state.answers)
        if let system = report.snapshot?.identity.systemIdentifier, !system.isEmpty { state.roster.note(system, of: report.name) }
        let annotation = state.roster.annotation(of: report.name, as: report.snapshot?.role)
        report.expectations = annotation.expectations
        report.membership = annotation.membership
        if report.expectations.isDetached { report.detach() }
        if let collectedAt = report.collectedAt { state.memory.note(report, at: collectedAt) }
        state.primaries.note(report)
        Self.note(report, in: &state, logger)
        return report
    }

    // MARK: - Change

    /// What is to be done for the monitors to follow the roster.
    struct Change {
        var difference = TargetDifference()
        var added: [TargetMonitor] = []
        /// Those that are kept, with what they are to watch now.
        var kept: [(monitor: TargetMonitor, assignment: TargetAssignment)] = []
        var removed: [TargetMonitor] = []
        /// Of members of Patroni, where they are, or were.
        var addresses: [String: ServerAddress] = [:]
        var isStarted = false
    }

    /// Makes the monitors follow the roster. Those of targets that are still there stay, with their histories, and with their connections where
    /// these lead to the same.
    /// - Parameter isReload: all have to be told, for how servers are asked may have changed.
    func follow(_ state: inout State, isReload: Bool = false) -> Change {
        state.version += 1
        let entries = state.roster.entries
        var change = Change(difference: TargetDifference(from: state.entries, to: entries), isStarted: state.isStarted)
        let untouched = Set(isReload ? [] : change.difference.unchanged)
        change.addresses = Dictionary((state.entries + entries).compactMap { entry in entry.address.map { (entry.target.name, $0) } }) { $1 }
        let arrival = state.isStarted && (isReload || patroni?.isDiscovered == true) ? ContinuousClock.now : nil
        var monitors: [String: TargetMonitor] = [:]
        state.order = entries.map { entry in
            let name = entry.target.name
            let assignment = TargetAssignment(entry: entry, collection: state.configuration.collection, version: state.version)
            if let known = state.monitors[name] {
                monitors[name] = known
                if !untouched.contains(name) { change.kept.append((known, assignment)) }
                return known
            }
            let monitor = TargetMonitor(
                assignment,
                arrival: arrival,
                restored: state.restored.take(name),
                logger: logger,
                on: loops(),
                makeSession: makeSession
            )
            monitors[name] = monitor
            change.added.append(monitor)
            return monitor
        }
        change.removed = state.monitors.values.filter { monitors[$0.name] == nil }
        state.entries = entries
        state.monitors = monitors
        if !change.removed.isEmpty {
            state.memory.keep(onlyTargets: Set(monitors.keys))
            state.primaries.keep(onlyTargets: Set(monitors.keys))
        }
        state.answers = state.answers.filter { monitors[$0.key] != nil }
        for name in change.removed.map(\.name) { (state.observed[name], state.noted[name]) = (nil, nil) }
        return change
    }

    /// Carries a change out: first what costs nobody anything, then what frees connections, then what needs new ones.
    func carryOut(_ change: Change) async {
        for (monitor, assignment) in change.kept { await monitor.adopt(assignment) }
        await withTaskGroup { group in
            for monitor in change.removed { group.addTask { await monitor.stop() } }
        }
        guard change.isStarted else { return }
        for monitor in change.added { await monitor.start() }
    }
}
