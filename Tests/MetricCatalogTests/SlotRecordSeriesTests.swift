import MetricCatalog
import ReplicationModel
import Testing

/// Series of what is remembered, waited for, and left out.
struct SlotRecordSeriesTests {
    @Test("A slot that was made anew counts, also after it is gone; only one that was seen lost has a time")
    func records() {
        var snapshot = ServerSnapshot.primary18
        var orders = SlotRecord(name: "orders", type: .logical, seenSince: 1)
        orders.recreations = 1
        orders.lostAt = 1_795_453_600
        snapshot.slotRecords = [orders, SlotRecord(name: "standby", type: .physical, seenSince: 1)]
        #expect(
            series("slot_recreated_total", snapshot)
                == ["slot_name=\"orders\",slot_type=\"logical\"": "1", "slot_name=\"standby\",slot_type=\"physical\"": "0"]
        )
        #expect(Array(series("slot_lost_timestamp_seconds", snapshot).keys) == ["slot_name=\"orders\",slot_type=\"logical\""])
    }

    @Test("The copy that was left out of the latest synchronization says why, from 19 on, and on a standby only")
    func syncSkipped() {
        var snapshot = ServerSnapshot.standby18
        #expect(series("slot_sync_skipped", snapshot).isEmpty)
        snapshot.identity.versionNumber = 190_000
        snapshot.slots?[0].syncSkipReason = .walNotFlushed
        snapshot.slotStatistics = [
            SlotStatistics(
                name: "orders_cdc",
                spilledTransactions: 0,
                spilledBytes: 0,
                streamedTransactions: 0,
                streamedBytes: 0,
                decodedTransactions: 0,
                decodedBytes: 0,
                syncSkips: 3,
                lastSyncSkip: 1_795_453_600
            )
        ]
        let reasons = series("slot_sync_skipped", snapshot)
        #expect(reasons.count == 5)
        #expect(reasons.filter { $0.value == "1" }.keys.map { $0.hasSuffix("reason=\"wal_not_flushed\"") } == [true])
        #expect(Array(series("slot_sync_skips_total", snapshot).values) == ["3"])
        snapshot.slots?[0].syncSkipReason = nil
        #expect(series("slot_sync_skipped", snapshot).filter { $0.value == "1" }.keys.map { $0.hasSuffix("reason=\"none\"") } == [true])
        snapshot.slots?[0].isSynced = false
        #expect(series("slot_sync_skipped", snapshot).isEmpty)
        snapshot.role = .primary
        #expect(series("slot_sync_skips_total", snapshot).isEmpty)
    }

    @Test("Commits that wait are counted, and have an age only when there are any; where that is hidden there is no 0")
    func commitWaits() {
        var snapshot = ServerSnapshot.primary18
        snapshot.commitWaits = nil
        #expect(series("sync_waiting_sessions", snapshot).isEmpty)
        snapshot.commitWaits = CommitWaits(sessions: 0, oldestSeconds: nil, confirmations: 0)
        #expect(series("sync_waiting_sessions", snapshot) == ["": "0"] && series("sync_wait_oldest_seconds", snapshot).isEmpty)
        snapshot.commitWaits = CommitWaits(sessions: 2, oldestSeconds: 12.5, confirmations: 0)
        #expect(series("sync_wait_oldest_seconds", snapshot) == ["": "12.5"])
    }

    @Test("Each slot that logical consumers wait for says whether it holds them up")
    func synchronizedStandbySlots() {
        var snapshot = ServerSnapshot.primary18
        #expect(series("synchronized_standby_slot", snapshot).isEmpty)
        snapshot.settings?.synchronizedStandbySlots = ["s1", "nowhere", "s1", "orders_cdc"]
        #expect(
            series("synchronized_standby_slot_blocking", snapshot)
                == ["slot_name=\"s1\"": "0", "slot_name=\"nowhere\"": "1", "slot_name=\"orders_cdc\"": "1"]
        )
        snapshot.slots = nil
        #expect(series("synchronized_standby_slot_blocking", snapshot).isEmpty)
    }

    @Test("What the server of a service waits for inside is unknown, not unsatisfied")
    func servedOutside() {
        var snapshot = ServerSnapshot.primary18
        #expect(!series("sync_satisfied", snapshot).isEmpty)
        snapshot.walsenders = []
        #expect(series("sync_satisfied", snapshot) == ["": "0"])
        snapshot.settings?.synchronousStandbyNames = "walproposer"
        for metric in ["sync_satisfied", "sync_standbys_required", "sync_standbys_connected"] { #expect(series(metric, snapshot).isEmpty) }
    }

    @Test("A filesystem that cannot be read says why; one that can says that nothing is in the way; of one elsewhere nothing is said")
    func filesystem() {
        var snapshot = ServerSnapshot.primary18
        snapshot.walFilesystem = nil
        #expect(series("wal_filesystem_unreadable", snapshot).isEmpty)
        snapshot.walFilesystemProblem = WALFilesystemProblem(.permission, path: "/data", isConfigured: false)
        let reasons = series("wal_filesystem_unreadable", snapshot)
        #expect(reasons.count == 5 && reasons["reason=\"permission\""] == "1" && reasons["reason=\"missing\""] == "0")
        snapshot.walFilesystemProblem = nil
        snapshot.walFilesystem = WALFilesystem(sizeBytes: 10, availableBytes: 5)
        #expect(series("wal_filesystem_unreadable", snapshot).values.allSatisfy { $0 == "0" })
    }
}
