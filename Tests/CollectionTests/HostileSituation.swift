import Collection
import Exposition
import Judgement
import MetricCatalog
import ReplicationModel
import WALClock
@testable import Postgres

/// A server all of whose answers are known, and the way of an answer from its rows to a page and to findings.
struct HostileSituation {
    private let round: CollectionRound
    private let identity: ServerIdentity
    private let answers: [CollectorName: RowSet]
    private let history: ServerHistory
    /// The lines of the page of what the server answered in truth.
    private var lines: Set<String> = []

    /// What most else is compared with, in the forms of several versions. Not more: a page is made of every answer.
    private static let companions: [Recording] = [
        .wal18, .standbyWAL15, .checkpoints18, .standbyCheckpoints15, .walDirectory18, .archiver18, .receiver15, .recoveryConflicts15,
    ]

    /// - Parameter recording: an answer of the server; recordings of the same role answer for its other collectors.
    init(around recording: Recording, identity: ServerIdentity = .example) {
        let server = ServerTraits(major: recording.server.major, role: recording.server.role, walSegmentBytes: identity.walSegmentBytes)
        var answers = [recording.collector.name: recording.rowSet]
        for companion in Self.companions where companion.server.role == server.role && answers[companion.collector.name] == nil {
            var scratch = ServerSnapshot(identity: identity, role: server.role)
            guard (try? companion.collector.decode(companion.rowSet, from: server, into: &scratch)) != nil else { continue }
            answers[companion.collector.name] = companion.rowSet
        }
        self.answers = answers
        self.identity = identity
        let silent = Set(CollectorName.allCases).subtracting(answers.keys)
        round = CollectionRound(server: server, intervals: [.everyScrape, .directory, .configuration], disabled: silent)
        // A past of a minute, so that ages, rates and forecasts have something to be made of.
        var history = ServerHistory()
        for second in stride(from: 0.0, through: 60, by: 10) {
            var snapshot = ServerSnapshot(identity: identity, role: server.role)
            snapshot.primaryWAL = PrimaryWAL(
                inserted: LSN(Int64(second) << 20),
                written: LSN(Int64(second) << 20),
                flushed: LSN(Int64(second) << 20),
                timeline: 1,
                lastReplayed: nil
            )
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 1_795_453_500 + second)
        }
        self.history = history
        lines = Set(Self.lines(of: page(of: snapshot())))
    }

    /// The lines of a page that are not there when the server tells the truth.
    func changes(in page: [UInt8]) -> [UInt8] {
        Array((["#"] + Self.lines(of: page).filter { !lines.contains($0) }).map { $0 + "\n" }.joined().utf8)
    }

    private static func lines(of page: [UInt8]) -> [String] {
        String(decoding: page, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The snapshot with one collector's answer replaced.
    func snapshot(_ rows: RowSet? = nil, of collector: CollectorName? = nil) -> ServerSnapshot {
        var snapshot = ServerSnapshot(identity: identity, role: round.server.role)
        let now = ContinuousClock.now
        let outcomes = round.collectors.map { asked in
            let answer = asked == collector ? rows : nil
            return StatementOutcome(
                result: (answer ?? answers[asked]).map(Result.success) ?? .failure(PostgresError(.server, "not recorded")),
                duration: .milliseconds(1),
                sentAt: now,
                receivedAt: now
            )
        }
        round.harvest(outcomes[...], into: &snapshot)
        return snapshot
    }

    /// Everything that is made of a snapshot, after the history has learnt from it.
    /// - Returns: the page.
    func page(of snapshot: ServerSnapshot, _ sample: WALSample? = nil, _ segments: [(position: LSN, age: Double)] = []) -> [UInt8] {
        var (snapshot, history) = (snapshot, history)
        snapshot.walFilesystem = WALFilesystem(sizeBytes: .max, availableBytes: 1)
        history.note(&snapshot, at: MonotonicTime(70), wallClock: 1_795_453_570)
        if let sample { history.note(sample, at: MonotonicTime(71)) }
        history.seed(segments, at: MonotonicTime(71))
        if let filesystem = snapshot.walFilesystem { history.note(filesystem, at: MonotonicTime(72)) }
        var next = snapshot
        history.note(&next, at: MonotonicTime(80), wallClock: 1_795_453_580)
        let report = report("a", next)
        _ = Topology(FleetView(reports: [report], now: 1_795_453_581))
        return Catalog.page(of: [report], exporter: nil, format: .prometheusText)
    }

    private func report(_ name: String, _ snapshot: ServerSnapshot) -> TargetReport {
        let expectations = Expectations(
            role: .primary,
            slots: [ExpectedSlot(name: "s1", type: .physical, scope: .any, source: .config)],
            standbys: [ExpectedStandby(applicationName: "sby1", scope: .any, source: .config)]
        )
        return TargetReport(
            name: name,
            labels: [],
            outcome: .up(snapshot),
            seconds: 0.001,
            connects: 1,
            errors: [:],
            expectations: expectations,
            collectedAt: Moment(monotonic: MonotonicTime(1000), wall: 1_795_453_580)
        )
    }
}

extension CollectionRound {
    fileprivate var collectors: [CollectorName] {
        let names = Dictionary(
            Collectors.all.compactMap { collector in collector.statement(for: server).map { ($0.name, collector.name) } },
            uniquingKeysWith: { one, _ in one }
        )
        return statements.compactMap { names[$0.name] }
    }
}
