import Collection
import Logging
import Postgres
import ReplicationModel

/// What is known of one target: what the answers to its jobs have told. No decision is made here.
struct TargetRecord: Sendable {
    let disabled: Set<CollectorName>
    private let logger: Logger
    private var transitions: TransitionLog
    private var history = ServerHistory()
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

        var traits: ServerTraits {
            ServerTraits(major: identity.majorVersion, role: role, walSegmentBytes: identity.walSegmentBytes)
        }
    }

    init(disabled: Set<CollectorName>, logger: Logger) {
        self.disabled = disabled
        self.logger = logger
        transitions = TransitionLog(logger: logger)
    }

    /// The server behind the current connection; nil while that is not known.
    var traits: ServerTraits? { known?.traits }

    mutating func isDown(_ reason: String) {
        transitions.isDown(reason)
    }

    // MARK: - Connecting

    /// - Parameter outcomes: of ``IdentityQueries/identity`` and ``IdentityQueries/role``.
    mutating func connected(_ outcomes: [StatementOutcome]) throws(PostgresError) {
        known = nil
        let identity = try IdentityQueries.decode(outcomes[0], IdentityQueries.decodeIdentity)
        let answer = try IdentityQueries.decode(outcomes[1], IdentityQueries.decodeRole)
        known = KnownServer(identity: identity, role: answer.role)
    }

    // MARK: - Collecting

    /// What is to be asked after ``IdentityQueries/role``; nil while the server is not known.
    func round() -> CollectionRound? {
        guard let known else { return nil }
        return CollectionRound(server: known.traits, intervals: intervals, disabled: disabled)
    }

    private var intervals: Set<CollectionInterval> {
        known?.configurationLoaded == nil ? [.everyScrape, .configuration] : [.everyScrape]
    }

    /// - Parameter outcomes: of ``IdentityQueries/role`` and the round's statements.
    mutating func collected(_ outcomes: [StatementOutcome], of round: CollectionRound) throws(PostgresError) -> TargetState.Ending {
        guard var known else { throw PostgresError(.protocolViolation, "not connected") }
        let intervals = intervals
        let answer = try IdentityQueries.decode(outcomes[0], IdentityQueries.decodeRole)
        let hasNewRole = known.role != answer.role
        if hasNewRole {
            known.role = answer.role
            known.listings = nil
            logger.notice("role changed", metadata: ["role": "\(answer.role.rawValue)"])
        }
        let isStale = known.configurationLoaded.map { $0 != answer.configurationLoaded } ?? false
        known.configurationLoaded = isStale ? nil : answer.configurationLoaded
        if known.listings == nil {
            known.listings = CollectionRound(server: known.traits, intervals: [.directory], disabled: disabled).collectorNames
        }
        self.known = known
        if isStale || hasNewRole || CollectionRound.showsRoleChange(outcomes) { return .changed }
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
        round.harvest(outcomes.dropFirst(), into: &snapshot)
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

    mutating func sampled(_ outcome: StatementOutcome) {
        switch outcome.result {
        case .success(let rows):
            do {
                let sample = try SampleQuery.decode(rows)
                // After a new connection the next collection tells first whose positions these are.
                if latest?.identity == known?.identity { history.note(sample, at: WallClock.monotonic(outcome.receivedAt)) }
                count(nil, of: "sampling", for: .wal)
            } catch {
                count(CollectorFailure(.decode, error.description), of: "sampling", for: .wal)
            }
        // That the connection is gone shows elsewhere.
        case .failure(let error) where error.code != .server: break
        case .failure(let error): count(CollectorFailure(error), of: "sampling", for: .wal)
        }
    }

    /// - Parameter round: of one listing.
    /// - Returns: whether it succeeded.
    mutating func listed(_ outcome: StatementOutcome, of round: CollectionRound) -> Bool {
        guard var snapshot = latest else { return false }
        for name in round.collectorNames { snapshot.forget(name) }
        let carried = snapshot.reports.count
        round.harvest([outcome], into: &snapshot)
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

    mutating func saw(_ filesystem: WALFilesystem?) {
        if let filesystem { history.note(filesystem, at: WallClock.monotonic(.now)) }
        latest?.walFilesystem = filesystem
        completeLatest()
    }

    private mutating func completeLatest() {
        guard var snapshot = latest else { return }
        history.complete(&snapshot, at: WallClock.monotonic(.now))
        latest = snapshot
    }

    // MARK: - Failures

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

extension IdentityQueries {
    /// An identity or role that cannot be decoded makes the server unusable, like a failed connection.
    fileprivate static func decode<Value>(
        _ outcome: StatementOutcome,
        _ decode: (RowSet) throws(DecodeError) -> Value
    ) throws(PostgresError) -> Value {
        let rows = try outcome.result.get()
        do {
            return try decode(rows)
        } catch {
            throw PostgresError(.protocolViolation, error.description)
        }
    }
}
