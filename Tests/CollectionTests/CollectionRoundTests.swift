import Collection
@testable import Postgres
import ReplicationModel
import Testing

struct CollectionRoundTests {
    private let primary = ServerTraits(major: 18, role: .primary, walSegmentBytes: 16 << 20)

    @Test("A round asks what is due, in the collectors' order")
    func order() {
        let round = CollectionRound(server: primary, intervals: [.everyScrape], disabled: [])
        let expected = [
            "wal_primary", "walsenders", "slots_17", "base_backups", "checkpoints_17", "archiver", "wal_stats_18", "wal_summarizer",
            "slot_stats", "subscriptions_17", "subscription_stats_18",
        ]
        #expect(round.statements.map(\.name) == expected)
    }

    @Test("Directories and settings are asked at their own times")
    func intervals() {
        let directories = CollectionRound(server: primary, intervals: [.directory], disabled: [])
        let expected = [
            "privileges_18", "wal_directory_16777216", "archive_status", "wal_summaries", "slot_spill", "subscription_tables",
            "replication_origins",
        ]
        #expect(directories.statements.map(\.name) == expected)
        let settings = CollectionRound(server: primary, intervals: [.configuration], disabled: [])
        #expect(settings.statements.map(\.name) == ["settings"])
        let all = CollectionRound(server: primary, intervals: [.everyScrape, .directory, .configuration], disabled: [])
        #expect(all.statements.count == 19)
        #expect(CollectionRound(server: primary, intervals: [], disabled: []).statements.isEmpty)
    }

    @Test("What is switched off is not asked")
    func disabled() {
        let round = CollectionRound(server: primary, intervals: [.everyScrape], disabled: [.slots, .walsenders, .receiver])
        #expect(!round.statements.map(\.name).contains("slots_17"))
        #expect(round.statements.count == 9)
        let nothing = CollectionRound(server: primary, intervals: [.everyScrape], disabled: Set(CollectorName.allCases))
        #expect(nothing.statements.isEmpty)
    }

    @Test("Each answer goes to its collector, and is reported with its duration")
    func harvest() throws {
        let round = CollectionRound(server: primary, intervals: [.everyScrape], disabled: Set(CollectorName.allCases).subtracting([.wal, .slots]))
        var snapshot = ServerSnapshot(identity: .example, role: .primary)
        let answers = [outcome(.success(Recording.wal18.rowSet), seconds: 0.25), outcome(.success(Recording.slots18.rowSet), seconds: 0.5)]
        round.harvest(answers[...], into: &snapshot)
        #expect(snapshot.primaryWAL != nil)
        #expect(snapshot.slots?.count == 6)
        let expected = [
            CollectorReport(collector: .wal, failure: nil, seconds: 0.25), CollectorReport(collector: .slots, failure: nil, seconds: 0.5),
        ]
        #expect(snapshot.reports == expected)
    }

    @Test("A failure costs its own collector only")
    func isolation() throws {
        let round = CollectionRound(server: primary, intervals: [.everyScrape], disabled: Set(CollectorName.allCases).subtracting([.wal, .slots]))
        var snapshot = ServerSnapshot(identity: .example, role: .primary)
        let denied = PostgresError(.server, sqlState: .insufficientPrivilege, "permission denied for function pg_ls_waldir")
        round.harvest([outcome(.failure(denied)), outcome(.success(Recording.slots18.rowSet))], into: &snapshot)
        #expect(snapshot.primaryWAL == nil)
        #expect(snapshot.slots?.count == 6)
        #expect(snapshot.reports.map(\.failure) == [CollectorFailure(.permission, "42501: permission denied for function pg_ls_waldir"), nil])
    }

    @Test("An answer that cannot be decoded is a failure that names row and column")
    func decodeFailure() {
        let round = CollectionRound(server: primary, intervals: [.everyScrape], disabled: Set(CollectorName.allCases).subtracting([.slots]))
        var snapshot = ServerSnapshot(identity: .example, role: .primary)
        round.harvest([outcome(.success(Recording.slots18.replacing("wal_status", with: "forgotten").rowSet))], into: &snapshot)
        #expect(snapshot.slots == nil)
        let failure = snapshot.reports.first?.failure
        #expect(failure?.reason == .decode)
        #expect(failure?.message == "row 0, column \"wal_status\": expected a known WALStatus, found \"forgotten\"")
    }

    @Test(
        "A failure is classified by what the server called it, and by what became of the connection",
        arguments: [
            (.server, "42501", .permission),
            (.server, "57014", .timeout),
            (.server, "55P03", .timeout),
            (.timedOut, nil, .timeout),
            (.cancelled, nil, .timeout),
            (.connectionLost, nil, .connection),
            (.connectionLost, "57P01", .connection),
            (.connectionFailed, nil, .connection),
            (.server, "42703", .sql),
            (.server, "40001", .sql),
            (.server, "55000", .sql),
            (.server, nil, .sql),
            (.protocolViolation, nil, .sql),
        ] as [(PostgresError.Code, String?, CollectorFailure.Reason)]
    )
    func reasons(code: PostgresError.Code, state: String?, expected: CollectorFailure.Reason) {
        let failure = CollectorFailure(PostgresError(code, sqlState: state.flatMap { SQLState($0) }, "what the server said"))
        #expect(failure.reason == expected)
        #expect(failure.message.hasSuffix("what the server said"))
    }

    private func outcome(_ result: Result<RowSet, PostgresError>, seconds: Double = 0.001) -> StatementOutcome {
        StatementOutcome(result: result, duration: .seconds(seconds), sentAt: .now, receivedAt: .now)
    }
}
