import Checks
import ReplicationModel
import WALClock
@testable import Collection
@testable import Postgres

/// One server of a script, collected as the exporter collects it.
struct FuzzedServer {
    private(set) var report: TargetReport?
    private var identity: ServerIdentity
    private var role: ServerRole
    private var history = ServerHistory()
    private var latest: ServerSnapshot?
    /// What was said since the last collection.
    private var answers: [String: [[[UInt8]?]]] = [:]
    let name: String

    init(name: String, major: Int, role: ServerRole) {
        self.name = name
        self.role = role
        identity = ServerIdentity(name: name, major: major)
    }

    mutating func answer(_ name: String, _ rows: [[[UInt8]?]]) {
        answers[name] = rows
    }

    /// Nothing when it said nothing.
    mutating func collect(at moment: Moment, _ schema: inout Schema) {
        guard !answers.isEmpty else { return }
        let now = moment.monotonic
        defer { answers = [:] }
        readIdentity(&schema)
        let clock = readRole(&schema)
        var snapshot = ServerSnapshot(identity: identity, role: role)
        if let latest, latest.identity == identity { snapshot.carryOver(from: latest) }
        harvest(&snapshot, &schema)
        snapshot.clockOffset = clock.map { $0 - moment.wall }
        history.note(&snapshot, at: now, wallClock: moment.wall)
        sample(at: now, &schema)
        history.complete(&snapshot, at: now)
        _ = snapshot.settings?.synchronousStandbyNames.flatMap { try? SynchronousStandbys($0) }
        latest = snapshot
        report = TargetReport(
            name: name,
            labels: [("site", "dc1")],
            outcome: .up(snapshot),
            seconds: 0.01,
            connects: 1,
            errors: [:],
            addresses: [ServerAddress(host: "10.77.1.1\(name.utf8.count % 10)", port: 5432)],
            collectedAt: moment
        )
    }

    private var traits: ServerTraits {
        ServerTraits(major: identity.majorVersion, role: role, walSegmentBytes: identity.walSegmentBytes)
    }

    private mutating func readIdentity(_ schema: inout Schema) {
        guard let cells = answers["identity"] else { return }
        let rows = schema.rows(cells, of: "identity", from: traits) { rows in
            failure { () throws(DecodeError) in _ = try IdentityQueries.decodeIdentity(rows) }
        }
        // A server whose identity cannot be read is down; the script goes on with the one it had.
        guard let read = try? IdentityQueries.decodeIdentity(rows) else { return }
        identity = read
    }

    /// - Returns: the server's clock.
    private mutating func readRole(_ schema: inout Schema) -> Double? {
        guard let cells = answers["role"] else { return nil }
        let rows = schema.rows(cells, of: "role", from: traits) { rows in
            failure { () throws(DecodeError) in _ = try IdentityQueries.decodeRole(rows) }
        }
        guard let read = try? IdentityQueries.decodeRole(rows) else { return nil }
        role = read.role
        return read.clock
    }

    private func harvest(_ snapshot: inout ServerSnapshot, _ schema: inout Schema) {
        let traits = traits
        let said = Collectors.all.filter { answers[$0.name.rawValue] != nil && $0.statement(for: traits) != nil }
        let intervals = Set(said.map { $0.interval }).union([.everyScrape])
        for interval in intervals { snapshot.forget(interval) }
        let round = CollectionRound(
            server: traits,
            intervals: intervals,
            disabled: Set(CollectorName.allCases).subtracting(said.map { $0.name })
        )
        var outcomes: [StatementOutcome] = []
        for collector in said {
            let rows = schema.rows(answers[collector.name.rawValue] ?? [], of: collector.name.rawValue, from: traits) { rows in
                failure { () throws(DecodeError) in
                    var scratch = ServerSnapshot(identity: snapshot.identity, role: traits.role)
                    try collector.decode(rows, from: traits, into: &scratch)
                }
            }
            outcomes.append(StatementOutcome(result: .success(rows), duration: .milliseconds(1), sentAt: .now, receivedAt: .now))
        }
        hold(round.statements.count == outcomes.count, "\(round.statements.count) statements, \(outcomes.count) answers")
        round.harvest(outcomes[...], into: &snapshot)
        for report in snapshot.reports {
            guard let message = report.failure?.message else { continue }
            hold(message.utf8.count < 2000, "a failure's text of \(message.utf8.count) bytes")
            hold(!message.unicodeScalars.contains { $0.value < 0x20 }, "a failure's text is not one line: \(message.debugDescription)")
        }
    }

    private mutating func sample(at now: MonotonicTime, _ schema: inout Schema) {
        if let cells = answers["segments"] {
            let traits = traits
            let rows = schema.rows(cells, of: "segments", from: traits) { rows in
                failure { () throws(DecodeError) in _ = try SegmentQuery.decode(rows, from: traits) }
            }
            if let segments = try? SegmentQuery.decode(rows, from: traits) { history.seed(segments, at: now) }
        }
        if let cells = answers["sample"] {
            let rows = schema.rows(cells, of: "sample", from: traits) { rows in
                failure { () throws(DecodeError) in _ = try SampleQuery.decode(rows) }
            }
            if let sample = try? SampleQuery.decode(rows) { history.note(sample, at: now) }
        }
    }
}

private func failure(_ body: () throws(DecodeError) -> Void) -> DecodeError? {
    do throws(DecodeError) {
        try body()
        return nil
    } catch {
        return error
    }
}

extension ServerIdentity {
    /// Of a server that said nothing of itself yet.
    init(name: String, major: Int) {
        self.init(
            versionNumber: major * 10_000 + 1,
            version: "\(major).1",
            systemIdentifier: "7711414404705161623",
            clusterName: name,
            address: "10.77.1.1\(name.utf8.count % 10)",
            port: 5432,
            postmasterStart: 1_795_453_580,
            walSegmentBytes: 16 << 20
        )
    }
}
