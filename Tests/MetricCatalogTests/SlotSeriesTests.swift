import MetricCatalog
import ReplicationModel
import Testing

struct SlotSeriesTests {
    @Test("A lost slot is loud: its state, its invalidation, and no retained 0 bytes that look healthy")
    func lost() {
        let snapshot = ServerSnapshot.primary18
        let gone = "slot_name=\"gone\",slot_type=\"physical\""
        #expect(states(of: gone, in: snapshot) == ["extended": "0", "lost": "1", "none": "0", "reserved": "0", "unreserved": "0"])
        let invalidated = series("slot_invalidated", snapshot)
        #expect(invalidated["\(gone),reason=\"wal_removed\""] == "1")
        #expect(invalidated["\(gone),reason=\"idle_timeout\""] == "0")
        #expect(invalidated.keys.count { $0.hasPrefix(gone) } == 4)
        for metric in ["slot_retained_bytes", "slot_safe_wal_bytes", "slot_confirmed_flush_lag_bytes", "slot_xmin_age_transactions"] {
            #expect(series(metric, snapshot)[gone] == nil, "\(metric)")
        }
        #expect(series("slot_active", snapshot)[gone] == "0")
    }

    @Test("A slot that never reserved WAL is in state none, and keeps no 0 bytes")
    func neverReserved() {
        let unused = "slot_name=\"unused\",slot_type=\"physical\""
        #expect(states(of: unused, in: .primary18)["none"] == "1")
        #expect(series("slot_retained_bytes", .primary18)[unused] == nil)
    }

    @Test("An invalidated slot holds nothing back from vacuum, although its xmin is still shown")
    func invalidatedXmin() {
        var snapshot = ServerSnapshot.primary18
        snapshot.slots = [
            Slot(
                name: "s",
                type: .logical,
                walStatus: .lost,
                restart: LSN(1),
                confirmedFlush: LSN(1),
                xminAge: 900,
                catalogXminAge: 900,
                invalidationReason: .idleTimeout,
                current: LSN(1_000)
            )
        ]
        #expect(series("slot_xmin_age_transactions", snapshot) == [:])
        #expect(series("slot_catalog_xmin_age_transactions", snapshot) == [:])
        #expect(series("slot_retained_bytes", snapshot) == [:])
    }

    @Test(
        "A reason has a series where the version knows it",
        arguments: [
            (13, ["unknown"]),
            (16, ["unknown"]),
            (17, ["rows_removed", "wal_level_insufficient", "wal_removed"]),
            (18, ["idle_timeout", "rows_removed", "wal_level_insufficient", "wal_removed"]),
            (19, ["idle_timeout", "rows_removed", "wal_level_insufficient", "wal_removed"]),
        ]
    )
    func reasons(major: Int, expected: [String]) {
        var snapshot = ServerSnapshot.primary18
        snapshot.identity.versionNumber = major * 10_000 + 1
        snapshot.slots = [Slot(name: "s", type: .physical, walStatus: .lost, current: LSN(1))]
        let reasons = series("slot_invalidated", snapshot).keys.compactMap { $0.split(separator: "\"").last }
        #expect(reasons.sorted().map(String.init) == expected)
        #expect(series("slot_invalidated", snapshot).values.contains("1") == (major < 17))
    }

    @Test("The confirmed position of a logical slot is told while it is inactive")
    func inactiveLogical() {
        let slot = "slot_name=\"orders_cdc\",slot_type=\"logical\""
        #expect(series("slot_active", .primary18)[slot] == "0")
        #expect(series("slot_confirmed_flush_lag_bytes", .primary18)[slot] == "16516808")
        #expect(series("slot_inactive_since_timestamp_seconds", .primary18)[slot] == "1795453613.683403")
    }

    @Test("An active slot is not inactive since anything, whatever the server says of a synchronized one")
    func activeSince() {
        #expect(series("slot_inactive_since_timestamp_seconds", .standby18) == [:])
    }

    @Test("On a standby PostgreSQL's judgement of a slot is not repeated; what it retains is")
    func onStandby() {
        #expect(series("slot_wal_status", .standby18) == [:])
        let slot = "slot_name=\"orders_cdc\",slot_type=\"logical\""
        #expect(series("slot_retained_bytes", .standby18) == [slot: "33567376"])
    }

    @Test("Readiness for a failover is a standby's to tell: a primary's own slot is not unready")
    func failoverReady() {
        #expect(series("slot_failover_ready", .primary18) == [:])
        #expect(Array(series("slot_failover_ready", .standby18).values) == ["0"])
    }

    @Test("Slots are counted as the server counts them: also temporary ones that share a series")
    func used() {
        var snapshot = ServerSnapshot.primary18
        snapshot.slots = (1...3).map { Slot(name: "pg_basebackup_\($0)", type: .physical, isTemporary: true, current: LSN(1)) }
        #expect(series("slots_used", snapshot) == ["": "3"])
        #expect(series("slot_active", snapshot).count == 1)
        #expect(series("slots_limit", snapshot) == ["": "15"])
    }

    private func states(of slot: String, in snapshot: ServerSnapshot) -> [String: String] {
        var states: [String: String] = [:]
        for (labels, value) in series("slot_wal_status", snapshot) where labels.hasPrefix(slot) {
            states[labels.split(separator: "\"").last.map(String.init) ?? ""] = value
        }
        return states
    }
}
