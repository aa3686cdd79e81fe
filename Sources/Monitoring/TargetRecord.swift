import Collection
import Judgement
import Logging
import Postgres
import ReplicationModel
import WALClock

/// What is known of one target: what the answers to its jobs have told. No decision is made here.
struct TargetRecord: Sendable {
    private var disabled: Set<CollectorName>
    /// What is to be switched off from the next collection on.
    private var disabledNext: Set<CollectorName>
    private let logger: Logger
    private var transitions: TransitionLog
    private var history: ServerHistory
    /// When the history was restored from, Unix time; nil: it began with this process.
    private let restoredAt: Double?
    /// What is remembered of the server behind the current connection.
    private var known: KnownServer?
    private(set) var latest: ServerSnapshot?
    /// When `latest` was asked for: the wall clock's time is the one that its `clockOffset` was measured by.
    private(set) var latestMoment: Moment?
    private(set) var errors: [CollectorName: [CollectorFailure.Reason: Int]] = [:]

    private struct KnownServer: Sendable {
        var identity: ServerIdentity
        var role: ServerRole
        /// The listings that it can give; nil: not looked up since it changed its role.
        var listings: [CollectorName]?
        /// The configuration that the settings in `latest` were read from; nil: they have to be read.
        var configurationLoaded: Double?
        /// What is asked in every collection before all else.
        var roleStatement = IdentityQueries.role
        /// What it refuses for good.
        var refusals = Refusals()
        var refusesSampling = false
        var refusesPast = false

        var traits: ServerTraits {
            ServerTraits(major: identity.majorVersion, role: role, walSegmentBytes: identity.walSegmentBytes, reduced: refusals.reduced)
        }
    }

    /// - Parameter restored: what a former process remembered, and when it did, Unix time.
    init(disabled: Set<CollectorName>, restored: (history: ServerHistory, at: Double)? = nil, logger: Logger) {
        history = restored?.history ?? ServerHistory()
        restoredAt = restored?.at
        self.disabled = disabled
        disabledNext = disabled
        self.logger = logger
        transitions = TransitionLog(logger: logger)
    }

    /// The server behind the current connection; nil while that is not known.
    var traits: ServerTraits? { known?.traits }

    /// Switches collectors off, and others on, with the next collection: the one under way has been asked for.
    mutating func disable(_ collectors: Set<CollectorName>) {
        disabledNext = collectors
    }

    mutating func isDown(_ reason: String) {
        transitions.isDown(reason)
    }

    // MARK: - Connecting

    /// - Parameters:
    ///   - outcomes: of ``IdentityQueries/all`` and of the role.
    ///   - roleStatement: the one that the last outcome is of.
    mutating func connected(_ outcomes: [StatementOutcome], roleStatement: Statement) throws(PostgresError) {
        known = nil
        let identity = try IdentityQueries.identity(from: outcomes.dropLast())
        let answer = try IdentityQueries.role(from: outcomes[outcomes.endIndex - 1])
        known = KnownServer(identity: identity, role: answer.role, roleStatement: roleStatement)
    }

    /// What is asked before a round's statements.
    var roleStatement: Statement { known?.roleStatement ?? IdentityQueries.role }

    // MARK: - Collecting

    /// What is to be asked after ``IdentityQueries/role``; nil while the server is not known.
    mutating func round() -> CollectionRound? {
        if disabledNext != disabled { followDisabled() }
        guard let known else { return nil }
        return CollectionRound(server: known.traits, intervals: intervals, disabled: disabled.union(known.refusals.collectors))
    }

    /// As on a new connection: what there is to ask for is looked up again.
    private mutating func followDisabled() {
        for collector in disabledNext.subtracting(disabled) { latest?.forget(collector) }
        disabled = disabledNext
        known?.listings = nil
        known?.configurationLoaded = nil
        known?.refusals = Refusals()
    }

    /// The round of one listing alone; empty when this server has no such thing.
    func round(of listing: CollectorName) -> CollectionRound? {
        guard let known else { return nil }
        guard known.refusals.reason(for: listing) == nil else { return CollectionRound(server: known.traits, intervals: [], disabled: []) }
        return CollectionRound(server: known.traits, only: listing)
    }

    private var intervals: Set<CollectionInterval> {
        known?.configurationLoaded == nil ? [.everyScrape, .configuration] : [.everyScrape]
    }

    /// - Parameter outcomes: of ``IdentityQueries/role`` and the round's statements.
    mutating func collected(_ outcomes: [StatementOutcome], of round: CollectionRound) throws(PostgresError) -> TargetState.Ending {
        guard var known else { throw PostgresError(.protocolViolation, "not connected") }
        let intervals = intervals
        let answer = try IdentityQueries.role(from: outcomes[0])
        let hasNewRole = known.role != answer.role
        if hasNewRole {
            known.role = answer.role
            known.listings = nil
            known.refusals = Refusals()
            logger.notice("role changed", metadata: ["role": "\(answer.role.rawValue)"])
        }
        let isStale = known.configurationLoaded.map { $0 != answer.configurationLoaded } ?? false
        known.configurationLoaded = isStale ? nil : answer.configurationLoaded
        if known.listings == nil {
            known.listings = CollectionRound(server: known.traits, intervals: [.directory], disabled: disabled).collectorNames
        }
        let isToBeRepeated = !hasNewRole && known.refusals.note(outcomes.dropFirst(), of: round)
        self.known = known
        if isStale || hasNewRole || isToBeRepeated { return .changed }
        remember(outcomes, of: round, answer, intervals)
        return .collected(.init(identity: known.identity, role: known.role, listings: known.listings ?? []))
    }

    private mutating func remember(
        _ outcomes: [StatementOutcome],
        of round: CollectionRound,
        _ answer: IdentityQueries.RoleAnswer,
        _ intervals: Set<CollectionInterval>
    ) {
        guard let known else { return }
        var snapshot = ServerSnapshot(identity: known.identity, role: known.role)
        if let latest, latest.identity == known.identity { snapshot.carryOver(from: latest) }
        for interval in intervals { snapshot.forget(interval) }
        let middle = WallClock.moment(outcomes[0].sentAt + (outcomes[0].receivedAt - outcomes[0].sentAt) / 2)
        snapshot.clockOffset = answer.clock - middle.wall
        let carried = snapshot.reports.count
        round.harvest(outcomes.dropFirst(), refusals: known.refusals, into: &snapshot)
        count(snapshot.reports[carried...])
        history.note(&snapshot, at: WallClock.monotonic(outcomes[0].receivedAt), wallClock: WallClock.now())
        // Settings that could not be read are asked for again by the next scrape.
        if snapshot.settings == nil { self.known?.configurationLoaded = nil }
        if intervals.contains(.configuration), let setting = snapshot.settings?.synchronousStandbyNames { check(setting) }
        transitions.isUp(snapshot)
        latest = snapshot
        let sent = WallClock.monotonic(outcomes[0].sentAt)
        latestMoment = Moment(monotonic: sent, wall: middle.wall - middle.monotonic.seconds(since: sent))
    }

    /// Without this, a form that no version documents would only show in what is absent.
    private mutating func check(_ synchronousStandbyNames: String) {
        var failure: CollectorFailure?
        do {
            _ = try SynchronousStandbys(synchronousStandbyNames)
        } catch {
            failure = CollectorFailure(.decode, "synchronous_standby_names is of a form that is not known")
        }
        count(failure, of: "reading synchronous_standby_names", for: .settings)
    }

    // MARK: - Between collections

    /// Whether the server has not refused yet to be sampled.
    var maySample: Bool { known?.refusesSampling == false }

    /// Whether the server has not refused yet to tell of the past.
    var mayReadPast: Bool { known?.refusesPast == false }

    mutating func sampled(_ outcome: StatementOutcome) {
        switch outcome.result {
        case .success(let rows):
            do {
                let sample = try SampleQuery.decode(rows)
                // After a new connection the next collection tells first whose positions these are.
                if latest?.identity == known?.identity {
                    history.note(sample, at: WallClock.monotonic(outcome.receivedAt))
                    history.noteLost(sample.lostSlots, wallClock: WallClock.now())
                }
                count(nil, of: "sampling", for: .wal)
            } catch {
                count(CollectorFailure(.decode, error.description), of: "sampling", for: .wal)
            }
        // That the connection is gone shows elsewhere.
        case .failure(let error) where error.code != .server: break
        case .failure(let error) where isLasting(error):
            known?.refusesSampling = true
            transitions.isUnsupported("sampling", because: Refusals.reason(of: error))
        case .failure(let error): count(CollectorFailure(error), of: "sampling", for: .wal)
        }
    }

    /// Learns from the answer of one listing what the server refuses for good.
    /// - Returns: whether to ask again at once, for less.
    mutating func isToBeRepeated(_ outcome: StatementOutcome, of round: CollectionRound) -> Bool {
        known?.refusals.note([outcome], of: round) ?? false
    }

    /// - Parameter round: of one listing, of whose answer refusals were noted.
    /// - Returns: whether it succeeded.
    mutating func listed(_ outcome: StatementOutcome, of round: CollectionRound) -> Bool {
        guard var snapshot = latest, var known else { return false }
        let privileges = snapshot.privileges
        for name in round.collectorNames { snapshot.forget(name) }
        let carried = snapshot.reports.count
        round.harvest([outcome], refusals: known.refusals, into: &snapshot)
        if let privileges, let now = snapshot.privileges, now.contains(where: { $0.isGranted && !privileges.contains($0) }) {
            known.refusals.privilegeGranted()
        }
        self.known = known
        count(snapshot.reports[carried...])
        history.complete(&snapshot, at: WallClock.monotonic(.now))
        latest = snapshot
        return snapshot.reports[carried...].allSatisfy { $0.failure == nil }
    }

    /// - Returns: whether it succeeded.
    mutating func readPast(_ outcome: StatementOutcome) -> Bool {
        guard let known else { return false }
        var failure: CollectorFailure?
        do {
            let segments = try SegmentQuery.decode(outcome.result.get(), from: known.traits)
            history.seed(segments, at: WallClock.monotonic(outcome.receivedAt))
        } catch let error as PostgresError where isLasting(error) {
            self.known?.refusesPast = true
            transitions.isUnsupported("reading the past of the WAL", because: Refusals.reason(of: error))
            return true
        } catch let error as PostgresError {
            failure = CollectorFailure(error)
        } catch let error as DecodeError {
            failure = CollectorFailure(.decode, error.description)
        } catch {
            failure = CollectorFailure(.sql, "\(error)")
        }
        count(failure, of: "reading the past of the WAL", for: .walDirectory)
        completeLatest()
        return failure == nil
    }

    mutating func saw(_ filesystem: WALFilesystem?, problem: WALFilesystemProblem?) {
        if let filesystem { history.note(filesystem, at: WallClock.monotonic(.now)) }
        latest?.walFilesystem = filesystem
        latest?.walFilesystemProblem = problem
        completeLatest()
    }

    private mutating func completeLatest() {
        guard var snapshot = latest else { return }
        history.complete(&snapshot, at: WallClock.monotonic(.now))
        latest = snapshot
    }

    // MARK: - Primary

    /// How far a standby is behind this server; nil where it is not its primary, or their histories cannot be compared.
    /// - Parameter name: this target's.
    func distance(of standby: StandbyPosition, as name: String) -> BehindPrimary? {
        guard let latest, latest.role == .primary, latest.identity.systemKey == standby.systemKey, let timeline = latest.timeline
        else { return nil }
        if standby.timeline != timeline {
            // On an older timeline it shares the history up to the fork, and nothing beyond it.
            guard standby.timeline < timeline, let fork = latest.fork, standby.replayed <= fork else { return nil }
        }
        return history.distance(of: standby.replayed, readAt: standby.readAt, as: name)
    }

    /// What is to outlive the process, and when the server was seen last, Unix time.
    func kept(at now: Moment) -> (history: ServerHistory.Kept?, at: Double) {
        (history.kept(at: now), latestMoment?.wall ?? restoredAt ?? now.wall)
    }

    // MARK: - Failures

    /// Whether the server would answer the same for ever. In recovery, a state that it is not in may be one that it has just left.
    private func isLasting(_ error: PostgresError) -> Bool {
        Refusals.isLasting(error) && (error.sqlState != .objectNotInPrerequisiteState || known?.role == .primary)
    }

    /// Notes how something fared that is done between the collections: a failure counts as one of the collector whose values it serves.
    private mutating func count(_ failure: CollectorFailure?, of activity: String, for collector: CollectorName) {
        transitions.note(failure, of: activity)
        if let failure { errors[collector, default: [:]][failure.reason, default: 0] += 1 }
    }

    private mutating func count(_ reports: some Sequence<CollectorReport>) {
        for report in reports {
            transitions.note(report)
            guard let failure = report.failure else { continue }
            errors[report.collector, default: [:]][failure.reason, default: 0] += 1
        }
    }
}
