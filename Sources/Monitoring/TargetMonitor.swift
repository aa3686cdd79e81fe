import Collection
package import ExporterConfiguration
package import Logging
package import Postgres
package import ReplicationModel

/// Watches one target over its one connection.
///
/// Collections are shared: whoever asks while one is under way gets that one. A target that is down is tried again in the background,
/// so that a scrape of it is answered at once.
///
/// Runs on its session's event loop, so that a scrape does not change threads at every step.
package actor TargetMonitor {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    package nonisolated let name: String
    nonisolated let loop: EventLoop
    /// Where the monitor's own tasks run: what they call that is no actor's would else go to the global pool and back.
    nonisolated let executor: LoopTaskExecutor
    /// Where the connection string leads.
    nonisolated let addresses: [ServerAddress]
    private let labels: [(name: String, value: String)]
    let session: Session
    let disabled: Set<CollectorName>
    let timeout: Duration
    let directoryInterval: Duration
    let sampleInterval: Duration
    let walDirectory: String?
    let filesystemReader = WALFilesystemReader()
    /// What the address is expected to lead to.
    private let expectedRole: ServerRole?
    let logger: Logger

    var collecting: (task: Task<TargetReport, Never>, deadline: ContinuousClock.Instant)?
    var listing: Task<Void, Never>?
    var reconnecting: Task<Void, Never>?
    var sampling: Task<Void, Never>?
    var history = ServerHistory()
    /// The server whose segments have told the WAL clock of the past.
    var seeded: ServerIdentity?
    var known: KnownServer?
    var latest: ServerSnapshot?
    /// When the last collection ended that made `latest`.
    private var latestAt: ContinuousClock.Instant?
    /// The moment of `latest`: the wall clock's time is the one that its `clockOffset` was measured by.
    private var latestMoment: Moment?
    private var latestSeconds = 0.0
    private var errors: [CollectorName: [CollectorFailure.Reason: Int]] = [:]
    var directoriesDue = ContinuousClock.now
    var downReason: String?
    var transitions: TransitionLog
    var isStopped = false

    /// What is remembered of the server behind the current connection.
    struct KnownServer {
        var identity: ServerIdentity
        var role: ServerRole
        /// The configuration that the settings in `latest` were read from; nil: they have to be read.
        var configurationLoaded: Double?

        var traits: ServerTraits {
            ServerTraits(major: identity.majorVersion, role: role, walSegmentBytes: identity.walSegmentBytes)
        }
    }

    /// - Parameters:
    ///   - address: where the server is, if the connection string does not say.
    ///   - disabled: collectors that are switched off.
    ///   - loop: where the session runs; one for all targets unless a measurement wants otherwise.
    package init(
        _ target: TargetConfiguration,
        at address: ServerAddress? = nil,
        collection: CollectionConfiguration,
        disabled: Set<CollectorName>,
        logger: Logger,
        on loop: EventLoop = .shared
    ) {
        var logger = logger
        logger[metadataKey: "target"] = "\(target.name)"
        var parameters = ConnectionParameters(conninfo: target.dsn.reveal())
        parameters.statementTimeout = collection.timeout
        parameters.endpoint = address.map { .init(host: $0.host, port: $0.port) }
        if target.passwordFile != nil {
            parameters.passwordProvider = { try target.readPassword()?.reveal() }
        }
        self.loop = loop
        self.executor = loop === EventLoop.shared ? .shared : LoopTaskExecutor(loop)
        self.name = target.name
        self.addresses =
            address.map { [$0] }
            ?? ConnectionParameters.endpoints(of: target.dsn.reveal()).map { ServerAddress(host: $0.host, port: $0.port) }
        self.labels = target.labels.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        self.session = Session(parameters, on: loop)
        self.disabled = disabled
        self.timeout = collection.timeout
        self.directoryInterval = collection.directoryInterval
        self.sampleInterval = collection.lsnSampleInterval
        self.walDirectory = target.walDirectory
        self.expectedRole = ServerRole(target.expectations.role)
        self.logger = logger
        self.transitions = TransitionLog(logger: logger)
    }

    /// Begins the first collection, so that the first scrape finds it done or under way, and the sampling.
    package func start() {
        _ = currentCollection(until: .now + timeout)
        if sampleInterval > .zero, sampling == nil { sampling = Task(executorPreference: executor) { await self.sampleForever() } }
    }

    /// Ends what is under way and closes the connection.
    package func stop() async {
        isStopped = true
        sampling?.cancel()
        reconnecting?.cancel()
        listing?.cancel()
        await session.close()
    }

    /// The report of a collection that is made for this call, or of the one that is under way. Always there by the deadline.
    package func report(until deadline: ContinuousClock.Instant) async -> TargetReport {
        let begin = ContinuousClock.now
        let deadline = min(deadline, begin + timeout)
        let (task, end) = currentCollection(until: deadline)
        // A collection ends by its own deadline; only who has less time than the one that began it needs a timer.
        if end <= deadline { return await task.value }
        return await report(of: task, until: deadline)
    }

    /// The report of the last collection if that was made after `oldest` and succeeded, else of one that is made for this call.
    package func report(since oldest: ContinuousClock.Instant, until deadline: ContinuousClock.Instant) async -> TargetReport {
        if let latest, let latestAt, latestAt >= oldest, downReason == nil {
            return await makeReport(.up(latest), seconds: latestSeconds)
        }
        // Who has little time to wait leaves the collection its own: a scrape may join it.
        let (task, _) = currentCollection(until: .now + timeout)
        return await report(of: task, until: deadline)
    }

    private func report(of task: Task<TargetReport, Never>, until deadline: ContinuousClock.Instant) async -> TargetReport {
        let begin = ContinuousClock.now
        if let report = await task.value(until: deadline) { return report }
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        return await makeReport(.down(reason: "no answer within \(WholeMilliseconds(deadline - begin))"), seconds: seconds)
    }

    // MARK: - A collection

    private func currentCollection(
        until deadline: ContinuousClock.Instant
    ) -> (task: Task<TargetReport, Never>, deadline: ContinuousClock.Instant) {
        if let collecting { return collecting }
        let begun = (task: Task(executorPreference: executor) { await self.collect(until: deadline) }, deadline: deadline)
        collecting = begun
        return begun
    }

    private func collect(until deadline: ContinuousClock.Instant) async -> TargetReport {
        defer { collecting = nil }
        let begin = ContinuousClock.now
        let outcome: TargetReport.Outcome
        do throws(PostgresError) {
            if let downReason, reconnecting != nil {
                outcome = .down(reason: downReason)
            } else {
                let isFirst = latest == nil
                try await takeSnapshot(until: deadline)
                await listDirectories(isFirst: isFirst, until: deadline)
                outcome = latestOutcome
                latestAt = begin
                latestSeconds = (ContinuousClock.now - begin) / .seconds(1)
            }
        } catch {
            outcome = .down(reason: error.description)
            isDown(error)
        }
        return await makeReport(outcome, seconds: (ContinuousClock.now - begin) / .seconds(1))
    }

    private var latestOutcome: TargetReport.Outcome {
        latest.map { .up($0) } ?? .down(reason: "not collected yet")
    }

    private func makeReport(_ outcome: TargetReport.Outcome, seconds: Double) async -> TargetReport {
        TargetReport(
            name: name,
            labels: labels,
            outcome: outcome,
            seconds: seconds,
            connects: await session.connectsTotal,
            errors: errors,
            addresses: addresses,
            collectedAt: collectedAt(outcome),
            lastSeen: lastSeen(outcome)
        )
    }

    private func collectedAt(_ outcome: TargetReport.Outcome) -> Moment? {
        guard case .up = outcome else { return nil }
        return latestMoment
    }

    private func lastSeen(_ outcome: TargetReport.Outcome) -> TargetReport.LastSeen? {
        guard case .down = outcome, let latest, let latestMoment else { return nil }
        return .snapshot(latest, at: latestMoment.wall)
    }

    /// Makes `latest` anew. One round trip in the usual case; more on a new connection, and when role or configuration turn out to
    /// have changed. The snapshot is not returned: a suspended task's frame is memory, and there may be hundreds of them.
    private func takeSnapshot(until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        let wasConnected = await session.isConnected
        do throws(PostgresError) {
            try await takeSnapshotOnce(until: deadline)
            if let expectedRole, wasConnected, known?.role != expectedRole {
                // A proxy keeps a connection with the server that it led to before: where the address leads now, a new one tells.
                logger.debug("not the expected role, connecting again")
                await session.close()
                try await takeSnapshotOnce(until: deadline)
            }
        } catch {
            // A server that was restarted since the last scrape: a new connection may well do.
            guard wasConnected, error.code == .connectionLost else { throw error }
            logger.debug("connection lost, connecting again", metadata: ["error": "\(error)"])
            try await takeSnapshotOnce(until: deadline)
        }
    }

    private func takeSnapshotOnce(until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        var known = try await knownServer(until: deadline)
        for _ in 0..<3 {
            let role = known.role
            var intervals: Set<CollectionInterval> = [.everyScrape]
            if known.configurationLoaded == nil { intervals.insert(.configuration) }
            let round = CollectionRound(server: known.traits, intervals: intervals, disabled: disabled)
            let outcomes = await session.run([IdentityQueries.role] + round.statements, until: deadline)
            let answer = try IdentityQueries.decode(outcomes[0], IdentityQueries.decodeRole)
            if known.configurationLoaded == nil { known.configurationLoaded = answer.configurationLoaded }
            known.role = answer.role
            let isStale = known.configurationLoaded != answer.configurationLoaded
            if isStale { known.configurationLoaded = nil }
            self.known = known
            if isStale || role != answer.role || CollectionRound.showsRoleChange(outcomes) {
                if role != answer.role {
                    directoriesDue = .now
                    logger.notice("role changed", metadata: ["role": "\(answer.role.rawValue)"])
                }
                continue
            }
            remember(round, outcomes, answer, intervals, known)
            return
        }
        throw PostgresError(.server, "the server's role or configuration changes faster than it can be read")
    }

    private func remember(
        _ round: CollectionRound,
        _ outcomes: [StatementOutcome],
        _ answer: IdentityQueries.RoleAnswer,
        _ intervals: Set<CollectionInterval>,
        _ known: KnownServer
    ) {
        var snapshot = ServerSnapshot(identity: known.identity, role: known.role)
        if let latest, latest.identity == known.identity { snapshot.carryOver(from: latest) }
        for interval in intervals { snapshot.forget(interval) }
        let middle = WallClock.moment(outcomes[0].sentAt + (outcomes[0].receivedAt - outcomes[0].sentAt) / 2)
        snapshot.clockOffset = answer.clock - middle.wall
        let sent = WallClock.monotonic(outcomes[0].sentAt)
        latestMoment = Moment(monotonic: sent, wall: middle.wall - middle.monotonic.seconds(since: sent))
        let carried = snapshot.reports.count
        round.harvest(outcomes.dropFirst(), into: &snapshot)
        count(snapshot.reports[carried...])
        history.note(&snapshot, at: WallClock.monotonic(outcomes[0].receivedAt), wallClock: WallClock.now())
        // Settings that could not be read are asked for again by the next scrape.
        if snapshot.settings == nil { self.known?.configurationLoaded = nil }
        if intervals.contains(.configuration), let setting = snapshot.settings?.synchronousStandbyNames { check(setting) }
        transitions.isUp(snapshot)
        downReason = nil
        latest = snapshot
    }

    /// Without this, a form that no version documents would only show in what is absent.
    private func check(_ synchronousStandbyNames: String) {
        var failure: CollectorFailure?
        do {
            _ = try SynchronousStandbys(synchronousStandbyNames)
        } catch {
            failure = CollectorFailure(.decode, "synchronous_standby_names is of a form that is not known")
        }
        count(failure, of: "reading synchronous_standby_names", for: .settings)
    }

    /// Notes how something fared that is done between the collections: a failure counts as one of the collector whose values it serves.
    func count(_ failure: CollectorFailure?, of activity: String, for collector: CollectorName) {
        transitions.note(failure, of: activity)
        if let failure { errors[collector, default: [:]][failure.reason, default: 0] += 1 }
    }

    func count(_ reports: some Sequence<CollectorReport>) {
        for report in reports {
            transitions.note(report)
            guard let failure = report.failure else { continue }
            errors[report.collector, default: [:]][failure.reason, default: 0] += 1
        }
    }
}
