import Exposition
import MetricCatalog
import PostgresTestSupport
import ReplicationModel
import SnapshotSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct VersionMatrixTests {
        /// A primary with everything on it, and each kind of server that follows it.
        private static let roles = ["primary", "standby", "cascade", "archive-standby", "subscriber"]

        @Test("every version gives what it can in every role, and nothing else", arguments: PostgresInstallation.majors)
        func everyVersion(_ major: Int) async throws {
            try await withServers {
                let plugin = major == 13 ? "pgoutput" : "test_decoding"
                let primary = try await PostgresServer.primary(
                    version: major,
                    archive: true,
                    settings: (major >= 14 ? ["track_wal_io_timing": "on"] : [:]).merging(major >= 17 ? ["summarize_wal": "on"] : [:]) { $1 }
                )
                try await primary.createMonitoringRole()
                try await primary.createLogicalSlot("unused_logical", plugin: plugin)
                try await primary.execute("SELECT pg_create_physical_replication_slot('never_reserved')")
                let standby = try await PostgresServer.standby(of: primary, slot: "standby_slot", settings: ["hot_standby_feedback": "on"])
                let cascade = try await PostgresServer.standby(of: standby, name: "cascade", slot: "cascade_slot")
                let archive = try await PostgresServer.archiveStandby(of: primary)
                let subscriber = try await PostgresServer.subscriber(of: primary)
                try await subscriber.createMonitoringRole()
                try await primary.execute("INSERT INTO replicated SELECT i, 'row' FROM generate_series(1, 100) i; SELECT pg_switch_wal();")
                try await primary.execute("INSERT INTO replicated VALUES (1001, 'more')")
                try await cascade.waitUntilReplayed(primary)
                try await subscriber.waitUntilSubscribed()

                let servers = [primary, standby, cascade, archive, subscriber]
                let targets = zip(Self.roles, servers).map { (name: $0, conninfo: $1.monitoringConninfo) }
                let exporter = try await Exporter(targets: targets, collection: "directory_interval: 1s, lsn_sample_interval: 0")
                try await withExporter(exporter) { exporter in
                    var hasLags = true
                    let page = try await exporter.page(until: "all is collected") { page in
                        hasLags = ["primary", "standby"].allSatisfy { !page.all("pgwal_walsender_replay_lag_seconds", ["target": $0]).isEmpty }
                        return try hasLags && Self.roles.allSatisfy { try page.value("pgwal_wal_directory_segments", ["target": $0]) != nil }
                            && page.value("pgwal_archiver_archived_total", ["target": "primary"]) ?? 0 > 0
                            && page.value("pgwal_subscription_up") == 1
                            && page.value("pgwal_last_replayed_transaction_timestamp_seconds", ["target": "archive-standby"]) != nil
                            && (major < 17 || page.value("pgwal_wal_unsummarized_bytes", ["target": "primary"]) != nil)
                            && (major < 18 || !page.all("pgwal_wal_written_by_bytes_total", ["target": "primary"]).isEmpty)
                            // Where a record without a transaction is on its way, it is not known.
                            && ["standby", "cascade"].allSatisfy { !page.all("pgwal_behind_primary_commit_seconds", ["target": $0]).isEmpty }
                            && page.all("pgwal_wal_kept_bytes", ["reason": "checkpoint"]).count == Self.roles.count
                            && page.all("pgwal_walsender_state", ["state": "streaming"]).values.allSatisfy { $0 == 1 }
                    } before: {
                        guard !hasLags else { return }
                        // A server forgets the lags of a standby that has been at rest for a while.
                        try await primary.execute("INSERT INTO replicated SELECT max(id) + 1, 'again' FROM replicated")
                        try await cascade.waitUntilReplayed(primary)
                        try await subscriber.waitUntilSubscribed()
                    }
                    for target in Self.roles {
                        #expect(page.all("pgwal_collector_success", ["target": target]).filter { $0.value != 1 }.isEmpty, "\(major) \(target)")
                        #expect(page.all("pgwal_privilege_missing", ["target": target]).filter { $0.value != 0 }.isEmpty)
                        Plausibility.check(page, target: target)
                        try Self.compareWithCatalog(page, target: target, major: major)
                        // What is found to be wrong is no matter of the version.
                        let names = page.names(["target": target]).subtracting(["pgwal_finding"]).sorted().map { "\($0)\n" }.joined()
                        Snapshot.expect(names, equals: "metrics/\(major)-\(target).txt")
                    }
                    try Self.checkRelations(page)
                }
            }
        }

        /// What must be so whatever the version, between servers that have just come to rest.
        private static func checkRelations(_ page: Page) throws {
            let identifier = page.all("pgwal_target_info", ["target": "primary"]).keys.first?.labels["system_identifier"]
            for follower in ["standby", "cascade", "archive-standby"] {
                #expect(page.all("pgwal_target_info", ["target": follower]).keys.first?.labels["system_identifier"] == identifier)
                #expect(try page.value("pgwal_in_recovery", ["target": follower]) == 1)
                #expect(try page.value("pgwal_timeline", ["target": follower]) == 1)
            }
            #expect(page.all("pgwal_target_info", ["target": "subscriber"]).keys.first?.labels["system_identifier"] != identifier)
            #expect(try page.value("pgwal_in_recovery", ["target": "primary"]) == 0)
            for streaming in ["standby", "cascade"] {
                #expect(try page.value("pgwal_receiver_configured", ["target": streaming]) == 1)
                #expect(try page.value("pgwal_receiver_up", ["target": streaming]) == 1)
                #expect(try page.state("pgwal_receiver_status", "status", ["target": streaming]) == "streaming")
            }
            // A standby that lives on its archive has no broken receiver, it has none: and the recommended role cannot read that.
            #expect(try page.value("pgwal_receiver_up", ["target": "archive-standby"]) == nil)
            #expect(try page.value("pgwal_wal_received_bytes_total", ["target": "archive-standby"]) == nil)
            #expect(try page.value("pgwal_replay_backlog_bytes", ["target": "archive-standby"]) == nil)

            let standbySlot = ["target": "primary", "slot_name": "standby_slot"]
            #expect(try page.value("pgwal_slot_active", standbySlot) == 1)
            #expect(try page.state("pgwal_slot_wal_status", "wal_status", standbySlot) == "reserved")
            #expect(try page.value("pgwal_walsender_connections", standbySlot) == 1)
            #expect(page.all("pgwal_walsender_connections", standbySlot).keys.first?.labels["client_addr"] == "127.0.0.1")
            #expect(try page.state("pgwal_walsender_state", "state", ["target": "standby", "slot_name": "cascade_slot"]) == "streaming")

            let never = ["target": "primary", "slot_name": "never_reserved"]
            #expect(try page.state("pgwal_slot_wal_status", "wal_status", never) == "none")
            #expect(try page.value("pgwal_slot_retained_bytes", never) == nil)
            #expect(try page.value("pgwal_slot_safe_wal_bytes", never) == nil)

            let unused = ["target": "primary", "slot_name": "unused_logical"]
            #expect(try page.value("pgwal_slot_active", unused) == 0)
            #expect(try page.value("pgwal_slot_confirmed_flush_lag_bytes", unused) ?? 0 > 0, "a dead consumer's lag must be seen")
            #expect(page.all("pgwal_slot_wal_status", ["target": "standby"]).isEmpty, "on a standby wal_status is not to be trusted")
            #expect(try page.value("pgwal_slot_retained_bytes", ["target": "standby", "slot_name": "cascade_slot"]) != nil)
        }

        /// The catalogue says which servers give a metric: those without a condition must be there, others must not.
        private static func compareWithCatalog(_ page: Page, target: String, major: Int) throws {
            let role: ServerRole = ["primary", "subscriber"].contains(target) ? .primary : .standby
            let given = page.names(["target": target])
            for metric in Catalog.metrics where !metric.isOfExporter {
                let availability = metric.availability
                let fits = major >= availability.since && (availability.role ?? role) == role
                let name = metric.descriptor.name
                if given.contains(name) {
                    #expect(fits, "\(name) on \(target) of \(major): the catalogue says it cannot be")
                    let labels = Set(metric.labels + ["target"])
                    #expect(page.all(name, ["target": target]).keys.allSatisfy { Set($0.labels.keys) == labels }, "labels of \(name)")
                } else if fits, availability.condition == nil {
                    Issue.record("\(name) is missing on \(target) of \(major)")
                }
            }
        }
    }
}
