import ReplicationModel
import Testing

@testable import Monitoring

struct TransitionLogTests {
    private let log = RecordedLog()
    private let refused = "connection refused"

    @Test("What fails between the collections is told when it begins, when it changes and when it ends")
    func between() {
        var transitions = TransitionLog(logger: log.logger)
        transitions.note(nil, of: "sampling")
        #expect(log.lines.isEmpty)
        for _ in 0..<3 { transitions.note(CollectorFailure(.decode, "row 0"), of: "sampling") }
        transitions.note(CollectorFailure(.timeout, "late"), of: "sampling")
        transitions.note(nil, of: "reading the past of the WAL")
        transitions.note(nil, of: "sampling")
        #expect(log.lines.count == 3)
    }

    @Test("A target that stays up is one line")
    func up() {
        var transitions = TransitionLog(logger: log.logger)
        for _ in 0..<3 { transitions.isUp(snapshot) }
        #expect(log.lines == ["notice target is up role=primary version=15.18"])
    }

    @Test("A target that stays down for one reason is one line; another reason is another")
    func down() {
        var transitions = TransitionLog(logger: log.logger)
        for reason in [refused, refused, refused, "57P03: the database system is starting up"] { transitions.isDown(reason) }
        let expected = [
            "warning target is down error=connection refused",
            "warning target is down error=57P03: the database system is starting up",
        ]
        #expect(log.lines == expected)
    }

    @Test("Every coming and going is told")
    func changes() {
        var transitions = TransitionLog(logger: log.logger)
        transitions.isUp(snapshot)
        transitions.isDown(refused)
        transitions.isUp(snapshot)
        transitions.isUp(snapshot)
        transitions.isDown(refused)
        #expect(
            log.lines.map { $0.split(separator: " ").prefix(4).joined(separator: " ") } == [
                "notice target is up", "warning target is down", "notice target is up", "warning target is down",
            ]
        )
    }

    @Test("A collector that fails over and over is one line, and so is its recovery; one that never failed is none")
    func collectors() {
        var transitions = TransitionLog(logger: log.logger)
        let failure = CollectorFailure(.permission, "42501: permission denied for function pg_ls_waldir")
        for failure in [nil, failure, failure, nil, nil, failure] { transitions.note(report(.walDirectory, failure)) }
        let failed = "warning collector failed collector=wal_directory error=42501: permission denied for function pg_ls_waldir reason=permission"
        #expect(log.lines == [failed, "notice collector works again collector=wal_directory", failed])
    }

    @Test("Collectors are told apart")
    func otherCollectors() {
        var transitions = TransitionLog(logger: log.logger)
        transitions.note(report(.slots, CollectorFailure(.timeout, "too late")))
        transitions.note(report(.walsenders, CollectorFailure(.timeout, "too late")))
        transitions.note(report(.walsenders, nil))
        #expect(log.lines.count == 3)
        #expect(log.lines.last == "notice collector works again collector=walsenders")
    }

    private func report(_ collector: CollectorName, _ failure: CollectorFailure?) -> CollectorReport {
        CollectorReport(collector: collector, failure: failure, seconds: 0.001)
    }

    private var snapshot: ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "7711412811195800757",
            clusterName: "",
            address: nil,
            postmasterStart: 1_795_453_210,
            walSegmentBytes: 16 << 20
        )
        return ServerSnapshot(identity: identity, role: .primary)
    }
}
