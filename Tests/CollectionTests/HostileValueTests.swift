import Collection
@testable import Postgres
import ReplicationModel
import Testing

/// Nothing that a server says ends the process, costs another collector, or spoils the page.
struct HostileValueTests {
    @Test("Each cell of each recorded answer, turned into anything at all, costs at most its own collector", arguments: Recording.hostile)
    func cells(recording: Recording) throws {
        let situation = HostileSituation(around: recording)
        let name = recording.collector.name
        for answer in HostileAnswer.all(of: recording.columns, recording.rows) {
            let snapshot = situation.snapshot(answer.rows, of: name)
            let failures = snapshot.reports.filter { $0.failure != nil }
            #expect(failures.allSatisfy { $0.collector == name && $0.failure?.reason == .decode }, "\(answer)")
            // A snapshot whose one part was refused is that of a collector that failed, of whose kind there is one each.
            guard failures.isEmpty else { continue }
            try expect(situation.page(of: snapshot), in: situation, answer.description)
        }
    }

    @Test("A collector whose answer was refused leaves a page behind", arguments: Recording.hostile)
    func refused(recording: Recording) throws {
        let situation = HostileSituation(around: recording)
        let rows = RowSet.literal(columns: ["nonsense"], rows: [["1"]])
        let snapshot = situation.snapshot(rows, of: recording.collector.name)
        #expect(snapshot.reports.filter { $0.failure != nil }.map(\.collector) == [recording.collector.name])
        try expect(situation.page(of: snapshot), in: situation, "refused")
    }

    @Test("An identity is refused or harmless")
    func identity() throws {
        var accepted = 0
        for answer in HostileAnswer.all(of: Array(Recording.identityColumns[..<4]), Recording.identityRows.map { Array($0[..<4]) }) {
            guard let identity = try? IdentityQueries.decodeIdentity(answer.rows) else { continue }
            accepted += 1
            for recording in [Recording.walDirectory18, .receiver15] {
                let situation = HostileSituation(around: recording, identity: identity)
                _ = SegmentQuery.statement(for: ServerTraits(major: 18, role: .primary, walSegmentBytes: identity.walSegmentBytes))
                try expect(situation.page(of: situation.snapshot()), in: situation, answer.description)
            }
        }
        #expect(accepted > 0)
    }

    @Test("The answer to which role a server has is refused or harmless")
    func role() {
        let columns = ["in_recovery", "clock", "configuration_loaded"]
        for answer in HostileAnswer.all(of: columns, [["f", "1795453622.15664", "1795453580.1"]]) {
            guard let role = try? IdentityQueries.decodeRole(answer.rows) else { continue }
            #expect(role.clock.isFinite && role.configurationLoaded.isFinite, "\(answer)")
        }
    }

    @Test("What the sampler is told is refused or harmless")
    func samples() throws {
        let situation = HostileSituation(around: .wal18)
        let rows: [[String?]] = [
            ["184559576", "f", "184559576", "-4711", nil, nil, nil, "sby1", nil, "s1", "f", "184559576", "184559576", nil],
            [
                "184559576", "t", nil, nil, "1796055344.67", "0.25", "60.5", "sby2", "10.77.1.12", "pg_walreceiver_4711", "t", "184559576",
                "184559576", nil,
            ],
            [nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, "gone"],
        ]
        let columns = [
            "wal_end", "standby", "inserted", "ended", "last_message", "message_age", "session_age", "application_name", "client_addr", "slot_name",
            "temporary",
            "flushed", "replayed", "lost_slot",
        ]
        for answer in HostileAnswer.all(of: columns, rows) {
            guard let sample = try? SampleQuery.decode(answer.rows) else { continue }
            try expect(situation.page(of: situation.snapshot(), sample), in: situation, answer.description)
        }
    }

    @Test("What segments of the past tell is refused or harmless")
    func segments() throws {
        let situation = HostileSituation(around: .wal18)
        let server = ServerTraits(major: 18, role: .primary, walSegmentBytes: 16 << 20)
        let rows: [[String?]] = [["0000000000000008", "86400.5"], ["0000000000000009", "3600.25"], ["000000000000000A", "60"]]
        for answer in HostileAnswer.all(of: ["position", "age"], rows) {
            guard let segments = try? SegmentQuery.decode(answer.rows, from: server) else { continue }
            try expect(situation.page(of: situation.snapshot(), nil, segments), in: situation, answer.description)
        }
    }

    /// The page is valid and says nothing that is no number.
    private func expect(_ page: [UInt8], in situation: HostileSituation, _ what: String) throws {
        do {
            let isFinite = try ReferenceParser.parse(situation.changes(in: page)).values.allSatisfy { $0.isFinite }
            #expect(isFinite, "\(what)")
        } catch let error as ReferenceParser.Malformed {
            Issue.record("\(what): \(error.what) in \(String(decoding: error.line.prefix(300), as: UTF8.self))")
        }
    }
}

extension Recording {
    /// Everything that has a cell, and what version 19 says in more columns than 18.
    static let hostile: [Recording] = (all + [subscriptionStatistics19, standbyWAL19, slots19, slotStatistics19, settings19]).filter {
        !$0.rows.isEmpty
    }

    static let identityColumns = [
        "version_number", "version", "cluster_name", "wal_segment_size", "system_identifier", "address", "port", "postmaster_start",
    ]
    static let identityRows: [[String?]] = [
        ["180006", "18.6 (Debian 18.6-1)", "orders-dc1", "16MB", "7711414404705161623", "10.77.1.11", "5432", "1795453580.488011"]
    ]

    /// What the four answers of these values make.
    static func identity(_ rows: [[String?]]) throws(DecodeError) -> ServerIdentity {
        func part(_ columns: Range<Int>) -> RowSet { .literal(columns: Array(identityColumns[columns]), rows: rows.map { Array($0[columns]) }) }
        return try IdentityQueries.decodeIdentity(part(0..<4), system: part(4..<5), address: part(5..<7), start: part(7..<8))
    }

    private static var subscriptionStatistics19: Recording {
        var recording = Recording(SubscriptionStatisticsCollector.self, 19, .primary, "name")
        recording.columns = subscriptionStatistics18.columns + ["confl_update_deleted"]
        recording.rows = subscriptionStatistics18.rows.map { $0 + ["0"] }
        return recording
    }

    private static var standbyWAL19: Recording {
        var recording = Recording(WALCollector.self, 19, .standby, "received")
        recording.columns = standbyWAL15.columns
        recording.rows = standbyWAL15.rows.map { $0.dropLast() + ["2"] }
        return recording
    }
}
