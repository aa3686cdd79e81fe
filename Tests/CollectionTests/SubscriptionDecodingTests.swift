import Collection
import ReplicationModel
import Testing

struct SubscriptionDecodingTests {
    @Test("A subscription whose worker is gone has no positions; a running one has")
    func subscriptions() throws {
        let failing = try #require(try Recording.subscriptions18.snapshot().subscriptions)
        #expect(failing.map(\.name) == ["sub_app", "off"])
        #expect(failing.map(\.isEnabled) == [true, false])
        #expect(failing.map(\.isRunning) == [false, false])
        #expect(failing.allSatisfy { $0.received == nil && $0.latestEnd == nil && $0.lastMessage == nil })
        let running = try #require(try Recording.subscriptions13.snapshot().subscriptions?.first)
        let expected = Subscription(
            name: "sub_app",
            database: "app",
            isEnabled: true,
            isRunning: true,
            received: LSN(168_064_616),
            latestEnd: 1_795_453_619.725244,
            lastMessage: 1_795_453_619.726279
        )
        #expect(running == expected)
    }

    @Test("Conflicts are counted by kind from 18 on, one kind more from 19 on", arguments: [15, 16, 17, 18, 19])
    func statistics(major: Int) throws {
        let kinds: [SubscriptionStatistics.Conflict] =
            major < 18 ? [] : major == 18 ? .init(SubscriptionStatistics.Conflict.allCases.dropLast()) : SubscriptionStatistics.Conflict.allCases
        let names =
            ["name", "database", "apply_errors", "sync_errors"] + (major >= 19 ? ["sequence_errors"] : []) + kinds.map { "confl_\($0.rawValue)" }
        let values = ["sub_app", "app", "3", "4"] + (major >= 19 ? ["5"] : []) + kinds.indices.map { "\($0 + 10)" }
        let text = "\(names.joined(separator: "|"))\n\(values.joined(separator: "|"))"
        let recording = Recording(SubscriptionStatisticsCollector.self, major, .primary, text)
        var expected = SubscriptionStatistics(
            subscription: "sub_app",
            database: "app",
            applyErrors: 3,
            syncErrors: 4,
            conflicts: Dictionary(uniqueKeysWithValues: kinds.enumerated().map { ($0.element, Int64($0.offset + 10)) })
        )
        if major >= 19 { expected.sequenceErrors = 5 }
        #expect(try recording.snapshot().subscriptionStatistics == [expected])
    }

    @Test("What a real 18 counted comes through")
    func recordedStatistics() throws {
        let statistics = try #require(try Recording.subscriptionStatistics18.snapshot().subscriptionStatistics)
        #expect(statistics.map(\.applyErrors) == [3, 0])
        #expect(statistics.first?.conflicts[.insertExists] == 3)
        #expect(statistics.first?.conflicts.count == 7)
        #expect(try Recording.subscriptionStatistics15.snapshot().subscriptionStatistics == [])
    }

    @Test("Tables are counted by state; a subscription without tables is there all the same")
    func tables() throws {
        var recording = Recording.subscriptionTables18
        recording.rows =
            [["off", "app", nil, "0", "0"]]
            + ["i", "d", "f", "s", "r"].enumerated().map { ["sub_app", "app", $0.element, "\($0.offset + 1)", $0.element == "r" ? "7" : "0"] }
        let expected = [
            SubscriptionTables(subscription: "off", database: "app", counts: [:]),
            SubscriptionTables(
                subscription: "sub_app",
                database: "app",
                counts: [.initialize: 1, .dataCopy: 2, .finishedCopy: 3, .synchronized: 4, .ready: 5],
                sequences: [.ready: 7]
            ),
        ]
        #expect(try recording.snapshot().subscriptionTables == expected)
    }

    @Test("Subscriptions of one name in two databases stay apart")
    func sameName() throws {
        var recording = Recording.subscriptionTables18
        recording.rows = [["s", "a", "r", "1", "0"], ["s", "b", "r", "2", "0"], ["s", "a", "i", "3", "0"]]
        let tables = try #require(try recording.snapshot().subscriptionTables)
        #expect(tables.map(\.database) == ["a", "b"])
        #expect(tables.map { $0.counts[.ready] } == [1, 2])
        #expect(tables.first?.counts[.initialize] == 3)
    }

    @Test("Replication origins are counted")
    func origins() throws {
        #expect(try Recording.replicationOrigins18.snapshot().replicationOrigins == 2)
    }
}
