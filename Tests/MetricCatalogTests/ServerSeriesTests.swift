import MetricCatalog
import ReplicationModel
import Testing

struct ServerSeriesTests {
    @Test("The labels of a target stand on every series about it, in their order")
    func constantLabels() {
        let labels = [(name: "site", value: "dc1"), (name: "env", value: "prod \"1\"")]
        let reports = [report(.primary18, labels: labels), report(.standby18, labels: labels)]
        for page in reports.map({ lines([$0]) }) {
            for line in page where !line.hasPrefix("#") && !line.isEmpty {
                #expect(line.contains("{target=\"orders-dc1-a\",site=\"dc1\",env=\"prod \\\"1\\\"\""), "\(line)")
            }
        }
    }

    @Test("The exporter's own metrics stand on /metrics and not on /probe")
    func exporter() {
        var counters = ExporterReport.Counters(logLinesDropped: 7, loopStalls: 2)
        counters.requests = [.init(handler: "/metrics", code: 200, count: 3), .init(handler: "other", code: 404, count: 1)]
        counters.requestsInFlight = 2
        let exporter = ExporterReport(
            build: .init(
                version: "1.0.0",
                revision: "1a2b3c4",
                revisionDate: "2026-11-30T14:10:00Z",
                swiftVersion: "6.3.1",
                libpqVersion: "15.18"
            ),
            process: .init(cpuSeconds: 0.5, threads: 4),
            counters: counters,
            reload: .init(isSuccessful: false, succeededAt: 1_795_453_600.25)
        )
        let found = series([], exporter: exporter)
        let revision = "revision=\"1a2b3c4\",revision_date=\"2026-11-30T14:10:00Z\""
        let info = "pgwal_exporter_build_info{version=\"1.0.0\",\(revision),swift_version=\"6.3.1\",libpq_version=\"15.18\"}"
        let evicted = "pgwal_series_evicted_total{kind=\"walsender\"}"
        #expect(
            found == [
                info: "1", evicted: "0", "pgwal_series_evicted_total{kind=\"slot\"}": "0", "process_cpu_seconds_total": "0.5", "process_threads": "4",
                "pgwal_log_dropped_total": "7",
                "pgwal_exporter_loop_stalls_total": "2", "pgwal_http_requests_in_flight": "2",
                "pgwal_http_requests_total{handler=\"/metrics\",code=\"200\"}": "3",
                "pgwal_http_requests_total{handler=\"other\",code=\"404\"}": "1",
                "pgwal_config_last_reload_successful": "0",
                "pgwal_config_last_reload_success_timestamp_seconds": "1795453600.25",
            ]
        )
        #expect(series([report(.primary18)]).keys.allSatisfy { !$0.hasPrefix("process_") && !$0.hasPrefix("pgwal_exporter_") })
    }

    @Test("What was evicted is summed over the targets, also of those that are down now: a counter must not fall")
    func evictions() {
        let exporter = ExporterReport(build: .init(version: "1", swiftVersion: "6", libpqVersion: "15"), process: nil)
        var snapshot = ServerSnapshot.primary18
        snapshot.evictions[.walsender] = 3
        var down = report(.primary18, name: "b")
        down.outcome = .down(reason: "connection refused")
        down.lastSeen = .snapshot(snapshot, at: 1_795_453_600)
        let found = series([report(snapshot), down, report(.standby18, name: "c")], exporter: exporter)
        #expect(found["pgwal_series_evicted_total{kind=\"walsender\"}"] == "6")
        // A build that does not know its commit says nothing of one.
        #expect(found["pgwal_exporter_build_info{version=\"1\",swift_version=\"6\",libpq_version=\"15\"}"] == "1")
    }

    @Test("A promoted primary tells where it left the old timeline, and when")
    func promotion() {
        #expect(series("promotion_fork_position_bytes", promoted(historyFile: 1_795_453_700)) == ["": "67109880"])
        #expect(series("promotion_timestamp_seconds", promoted(historyFile: 1_795_453_700)) == ["": "1795453700"])
    }

    @Test("A replay position left by a mere crash recovery is no fork: the history file is older than the start, or there is none")
    func noPromotion() {
        #expect(series("promotion_fork_position_bytes", promoted(historyFile: 1_795_453_500)) == [:])
        #expect(series("promotion_fork_position_bytes", promoted(historyFile: nil)) == [:])
        #expect(series("promotion_timestamp_seconds", promoted(historyFile: nil)) == [:])
    }

    @Test(
        "Commits are satisfied by as many synchronous standbys as they wait for",
        arguments: [
            ("", 0, 1, "1"),
            ("FIRST 1 (sby1, other)", 1, 1, "1"),
            ("FIRST 2 (sby1, other)", 2, 1, "0"),
            ("ANY 1 (\"any\")", 1, 1, "1"),
            ("*", 1, 0, "0"),
        ]
    )
    func synchronousReplication(setting: String, required: Int, connected: Int, satisfied: String) {
        var snapshot = ServerSnapshot.primary18
        snapshot.settings?.synchronousStandbyNames = setting
        if connected == 0 { snapshot.walsenders = [] }
        #expect(series("sync_standbys_required", snapshot) == ["": "\(required)"])
        #expect(series("sync_standbys_connected", snapshot) == ["": setting.isEmpty ? "0" : "\(connected)"])
        #expect(series("sync_satisfied", snapshot) == ["": satisfied])
    }

    @Test("A setting that cannot be read is not judged")
    func unreadableSynchronousSetting() {
        var snapshot = ServerSnapshot.primary18
        snapshot.settings?.synchronousStandbyNames = "MOST OF (a, b)"
        #expect(series("sync_satisfied", snapshot) == [:])
    }

    @Test("An unlimited max_slot_wal_keep_size is absent; a choice shows all its values")
    func settings() {
        var snapshot = ServerSnapshot.primary18
        snapshot.settings?.maxSlotWALKeepSizeBytes = nil
        #expect(series("setting_max_slot_wal_keep_size_bytes", snapshot) == [:])
        #expect(series("setting_wal_level", snapshot) == ["level=\"minimal\"": "0", "level=\"replica\"": "0", "level=\"logical\"": "1"])
    }

    @Test("An archiver that never succeeded fails loudly")
    func archiver() {
        var snapshot = ServerSnapshot.primary18
        snapshot.archiver = Archiver(
            archived: 0,
            failed: 18,
            lastArchivedFile: nil,
            lastArchived: nil,
            lastFailed: 1_795_453_614,
            lacksCommand: false
        )
        snapshot.archiveStatus = ArchiveStatus(ready: 15, oldestReady: 1_795_453_580, readAt: 1_795_453_650)
        #expect(series("archiver_failing", snapshot) == ["": "1"])
        #expect(series("archive_ready_files", snapshot) == ["": "15"])
        #expect(series("archiver_last_archived_timestamp_seconds", snapshot) == [:])
        #expect(series("archive_lag_bytes", snapshot) == [:])
    }

    @Test("A standby that holds other data is not called healthy")
    func diverged() {
        var snapshot = ServerSnapshot.primary18
        snapshot.walsenders = [
            Walsender(applicationName: "sby1", state: .streaming, current: LSN(1_000), sent: LSN(900), replayed: LSN(1_100))
        ]
        #expect(Array(series("walsender_diverged", snapshot).values) == ["1"])
        #expect(Array(series("walsender_replay_lag_bytes", snapshot).values) == ["0"])
    }

    private func promoted(historyFile: Double?) -> ServerSnapshot {
        var snapshot = ServerSnapshot.primary18
        snapshot.primaryWAL?.lastReplayed = LSN(67_109_880)
        snapshot.walDirectory?.historyFileModified = historyFile
        return snapshot
    }
}
