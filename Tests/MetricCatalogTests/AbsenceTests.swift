import Exposition
import MetricCatalog
import ReplicationModel
import Testing

/// What a server, a version, a role or a privilege cannot give is absent, never 0.
struct AbsenceTests {
    @Test("A target that is down says so, and nothing of a server")
    func down() {
        let target = TargetReport(
            name: "a",
            labels: [],
            outcome: .down(reason: "connection refused"),
            seconds: 5,
            connects: 3,
            errors: [.slots: [.timeout: 2]]
        )
        let expected = [
            "pgwal_up{target=\"a\"}": "0",
            "pgwal_collection_duration_seconds{target=\"a\"}": "5",
            "pgwal_collection_pending{target=\"a\"}": "0",
            "pgwal_connects_total{target=\"a\"}": "3",
            "pgwal_collector_errors_total{target=\"a\",collector=\"slots\",reason=\"timeout\"}": "2",
            "pgwal_role_expected{target=\"a\",role=\"any\"}": "1",
            "pgwal_role_expected{target=\"a\",role=\"primary\"}": "0",
            "pgwal_role_expected{target=\"a\",role=\"standby\"}": "0",
        ]
        #expect(series([target]) == expected)
    }

    @Test("A target that nobody has waited for is neither up nor down, and says so")
    func unanswered() {
        let target = TargetReport(
            name: "a",
            labels: [],
            outcome: .unanswered(reason: "no answer within 1 ms"),
            seconds: 0,
            connects: 0,
            errors: [:],
            isPending: true
        )
        let expected = [
            "pgwal_collection_pending{target=\"a\"}": "1",
            "pgwal_connects_total{target=\"a\"}": "0",
            "pgwal_role_expected{target=\"a\",role=\"any\"}": "1",
            "pgwal_role_expected{target=\"a\",role=\"primary\"}": "0",
            "pgwal_role_expected{target=\"a\",role=\"standby\"}": "0",
        ]
        #expect(series([target]) == expected)
    }

    @Test("What was collected before is told with its time, and that it is not new")
    func pending() {
        var target = report(.primary18)
        target.isPending = true
        target.collectedAt = Moment(monotonic: MonotonicTime(1000), wall: 1_795_453_600)
        let series = series([target])
        #expect(series.first { $0.key.hasPrefix("pgwal_up") }?.value == "1")
        #expect(series.first { $0.key.hasPrefix("pgwal_collection_pending") }?.value == "1")
        #expect(series.first { $0.key.hasPrefix("pgwal_collected_timestamp_seconds") }?.value == "1795453600")
    }

    @Test("A server of which nothing but identity and role is known shows only these", arguments: ServerRole.allCases)
    func empty(role: ServerRole) {
        let snapshot = ServerSnapshot(identity: ServerSnapshot.primary18.identity, role: role)
        let names = Set(series([report(snapshot)]).keys.map { $0.prefix { $0 != "{" } })
        let expected: Set<Substring> = [
            "pgwal_up", "pgwal_target_info", "pgwal_in_recovery", "pgwal_postmaster_start_timestamp_seconds", "pgwal_collection_duration_seconds",
            "pgwal_collection_pending", "pgwal_connects_total", "pgwal_setting_wal_segment_size_bytes", "pgwal_role_expected", "pgwal_role_mismatch",
        ]
        #expect(names == expected)
    }

    @Test("No metric of one role appears on a server in the other")
    func roles() {
        for (snapshot, other) in [(ServerSnapshot.primary18, ServerRole.standby), (.standby18, .primary)] {
            var leftovers = snapshot
            // A promoted server keeps its standby days, a demoted one its archive: parts of both may be there.
            leftovers.primaryWAL = ServerSnapshot.primary18.primaryWAL
            leftovers.slots = ServerSnapshot.primary18.slots
            let present = Set(series([report(leftovers)]).keys.map { String($0.prefix { $0 != "{" }) })
            let foreign = Catalog.metrics.filter { $0.availability.role == other && !Self.positions.contains($0.descriptor.name) }
            #expect(foreign.map(\.descriptor.name).filter(present.contains) == [])
        }
    }

    /// The model keeps these apart: a standby's snapshot has no `primaryWAL`.
    private static let positions: Set<String> = [
        "pgwal_wal_inserted_bytes_total", "pgwal_wal_written_bytes_total", "pgwal_wal_flushed_bytes_total",
    ]

    @Test("An idle walsender without measures has no lag in seconds where it is behind, and 0 where it is not")
    func unmeasured() {
        var snapshot = ServerSnapshot.primary18
        let current = LSN(1_000)
        snapshot.walsenders = [
            Walsender(applicationName: "idle", state: .streaming, current: current, sent: current, replayed: current),
            Walsender(applicationName: "behind", state: .streaming, current: current, sent: current, replayed: LSN(400)),
            Walsender(applicationName: "backup", state: .backup, current: current),
        ]
        #expect(series("walsender_replay_lag_seconds", snapshot) == [walsender("idle"): "0"])
        #expect(series("walsender_replay_lag_bytes", snapshot) == [walsender("idle"): "0", walsender("behind"): "600"])
        #expect(series("walsender_flush_lag_bytes", snapshot) == [:])
        #expect(series("walsender_sync_state", snapshot) == [:])
        #expect(series("walsender_connections", snapshot).count == 3)
        #expect(series("walsender_diverged", snapshot).values.sorted() == ["0", "0", "0"])
    }

    @Test("A standby whose receiver died shows it, and no lag of 0")
    func deadReceiver() {
        var snapshot = ServerSnapshot.standby18
        snapshot.receiver?.session = nil
        #expect(series("receiver_up", snapshot) == ["": "0"])
        #expect(series("receiver_configured", snapshot) == ["": "1"])
        #expect(series("receiver_status", snapshot)["status=\"stopped\""] == "1")
        #expect(series("upstream_lag_bytes", snapshot) == [:])
        #expect(series("receiver_last_message_timestamp_seconds", snapshot) == [:])
    }

    @Test("A standby that lives on its archive has no receiver to be broken, and no backlog of 0")
    func archiveOnly() {
        var snapshot = ServerSnapshot.standby18
        snapshot.receiver = Receiver(
            session: nil,
            isHidden: false,
            hasConnectionString: false,
            hasSlotName: false,
            hasRestoreCommand: true
        )
        snapshot.recovery?.received = nil
        #expect(series("receiver_configured", snapshot) == ["": "0"])
        #expect(series("receiver_up", snapshot) == [:])
        #expect(series("upstream_info", snapshot) == [:])
        #expect(series("replay_backlog_bytes", snapshot) == [:])
        #expect(series("wal_received_bytes_total", snapshot) == [:])
        #expect(series("wal_replayed_bytes_total", snapshot) == ["": "184562144"])
    }

    @Test("A fresh standby has no replayed transaction, and no zero time")
    func freshStandby() {
        var snapshot = ServerSnapshot.standby18
        snapshot.recovery?.lastReplayedTransaction = nil
        #expect(series("last_replayed_transaction_timestamp_seconds", snapshot) == [:])
    }

    @Test("What the role may not see of synchronous standbys is not judged")
    func hiddenWalsenders() {
        var snapshot = ServerSnapshot.primary18
        snapshot.walsenders = []
        snapshot.hiddenWalsenders = 4
        #expect(series("sync_satisfied", snapshot) == [:])
        #expect(series("walsenders_used", snapshot) == ["": "4"])
        #expect(series("walsender_connections", snapshot) == [:])
    }

    private func walsender(_ name: String) -> String {
        "application_name=\"\(name)\",client_addr=\"\",slot_name=\"\""
    }
}
