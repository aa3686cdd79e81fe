import Collection
package import ExporterConfiguration
package import Logging
package import Patroni
package import Postgres
package import ReplicationModel
import Synchronization

/// All targets, each with its own monitor: none waits for another. Members of Patroni clusters come and go as Patroni tells.
package final class Fleet: Sendable {
    private static let manyTargets = 50

    let configuration: Configuration
    let logger: Logger
    private let disabled: Set<CollectorName>
    private let loops: @Sendable () -> EventLoop
    /// nil when Patroni is left out, or none is configured.
    let patroni: PatroniWatch?
    let state: Mutex<State>

    struct State {
        var roster: FleetRoster
        /// By name; those of targets that are gone have been taken out.
        var monitors: [String: TargetMonitor] = [:]
        /// In the order of the page.
        var order: [TargetMonitor] = []
        var memory = FleetMemory()
        var isStarted = false
        var isStopped = false
    }

    /// - Parameters:
    ///   - connections: how Patroni is reached; nil leaves it out.
    ///   - loops: where the sessions run: by default one I/O thread for all.
    package init(
        _ configuration: Configuration,
        patroni connections: PatroniConnections? = nil,
        logger: Logger,
        loops: @escaping @Sendable () -> EventLoop = { .shared }
    ) {
        self.configuration = configuration
        self.logger = logger
        patroni = configuration.patroni.isEmpty ? nil : connections.map { PatroniWatch(configuration.patroni, $0, logger: logger) }
        self.loops = loops
        disabled = Set(configuration.collection.disabledCollectors.compactMap(CollectorName.init(rawValue:)))
        let addresses = configuration.targets.map { target in
            (target.name, ConnectionParameters.endpoints(of: target.dsn.reveal()).map { ServerAddress(host: $0.host, port: $0.port) })
        }
        state = Mutex(State(roster: FleetRoster(configuration, addresses: Dictionary(addresses) { first, _ in first })))
        state.withLock { _ = follow(&$0) }
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
        await withMembers(until: deadline) { monitors in
            if monitors.count == 1 { return [self.complete(await monitors[0].report(until: deadline))] }
            return await self.gatheredReports(monitors) { await $0.report(until: deadline) }
        }
    }

    /// A report of every target, in the order of `names`, from collections that are at most so old.
    package func reports(notOlderThan age: Duration, until deadline: ContinuousClock.Instant) async -> [TargetReport] {
        let oldest = ContinuousClock.now - age
        return await withMembers(until: deadline) { await self.gatheredReports($0) { await $0.report(since: oldest, until: deadline) } }
    }

    private func gatheredReports(
        _ monitors: [TargetMonitor],
        _ report: @escaping @Sendable (TargetMonitor) async -> TargetReport
    ) async -> [TargetReport] {
        await withTaskGroup { group in
            for (index, monitor) in monitors.enumerated() {
                group.addTask { (index, await report(monitor)) }
            }
            var reports = [TargetReport?](repeating: nil, count: monitors.count)
            for await (index, report) in group { reports[index] = complete(report) }
            // The answers of hundreds of servers at once are a burst; what it took is free now, but scattered.
            if monitors.count >= Self.manyTargets { ClientLibrary.trimMemory() }
            return reports.compactMap(\.self)
        }
    }

    /// A report of one target; nil when there is none of that name.
    package func report(of name: String, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        await report(of: name, notOlderThan: .zero, until: deadline)
    }

    /// A report of one target from a collection that is at most so old; nil when there is none of that name.
    package func report(of name: String, notOlderThan age: Duration, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        guard let monitor = await monitor(of: name, until: deadline) else { return nil }
        guard age > .zero else { return complete(await monitor.report(until: deadline)) }
        return complete(await monitor.report(since: .now - age, until: deadline))
    }

    /// Everything that is known now, from collections that are made for this call.
    package func view(until deadline: ContinuousClock.Instant) async -> FleetView {
        let reports = await reports(until: deadline)
        return state.withLock { state in
            FleetView(reports: reports, clusters: state.roster.clusters, splits: state.memory.splits, now: WallClock.now())
        }
    }

    var monitors: [TargetMonitor] { state.withLock { $0.order } }

    /// Adds to a report what the server itself does not know, and remembers what must be remembered.
    private func complete(_ report: TargetReport) -> TargetReport {
        var report = report
        state.withLock { state in
            if let system = report.snapshot?.identity.systemIdentifier { state.roster.note(system, of: report.name) }
            let annotation = state.roster.annotation(of: report.name, as: report.snapshot?.role)
            report.expectations = annotation.expectations
            report.membership = annotation.membership
            if let collectedAt = report.collectedAt { state.memory.note(report, at: collectedAt) }
        }
        return report
    }

    // MARK: - Members

    struct Change {
        var added: [TargetMonitor] = []
        var removed: [TargetMonitor] = []
        var isStarted = false
    }

    /// Makes the monitors follow the roster. Those of unchanged targets stay, with their connections and histories.
    func follow(_ state: inout State) -> Change {
        var change = Change(isStarted: state.isStarted)
        var monitors: [String: TargetMonitor] = [:]
        state.order = state.roster.entries.map { entry in
            let name = entry.target.name
            if let known = state.monitors[name], entry.address == nil || known.addresses == [entry.address] {
                monitors[name] = known
                return known
            }
            let monitor = TargetMonitor(
                entry.target,
                at: entry.address,
                collection: configuration.collection,
                disabled: disabled,
                logger: logger,
                on: loops()
            )
            monitors[name] = monitor
            change.added.append(monitor)
            return monitor
        }
        change.removed = state.monitors.values.filter { monitors[$0.name] !== $0 }
        state.monitors = monitors
        if !change.removed.isEmpty { state.memory.keep(onlyTargets: Set(monitors.keys)) }
        return change
    }
}
