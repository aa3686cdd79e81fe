import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite("Managed services", .serialized)
    struct ManagedServiceTests {
        @Test(
            "What a service refuses for good is not supported: no failure, asked once a connection, and the rest is there",
            arguments: ManagedService.all,
            PostgresInstallation.among(15, 18)
        )
        func refusals(service: ManagedService, major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, archive: true, settings: ["autovacuum": "off"])
                try await primary.execute("CREATE ROLE monitor LOGIN PASSWORD '\(PostgresServer.monitoringPassword)'; GRANT pg_monitor TO monitor")
                try await primary.createLogicalSlot("consumer", plugin: "test_decoding")
                let standby = try await PostgresServer.standby(
                    of: primary,
                    slot: "standby",
                    settings: ["archive_mode": "always", "archive_command": "true"]
                )
                try await service.imitate(on: primary)
                try await standby.waitUntilReplayed(primary)
                let exporter = try await Exporter(
                    targets: [("primary", conninfo(primary)), ("standby", conninfo(standby))],
                    collection: "directory_interval: 1s, lsn_sample_interval: 200ms"
                )
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "all is asked") { page in
                        ["primary", "standby"].allSatisfy { target in
                            page.all("pgwal_privilege_missing", ["target": target]).count > 1
                                && page.all("pgwal_collector_supported", ["target": target, "collector": "replication_origins"]).count == 1
                        }
                    }
                    // The sampler may not have been refused yet.
                    var refused: [Int] = []
                    let settled = try await poll("nothing more is refused") {
                        try await Task.sleep(for: .milliseconds(500))
                        defer { refused = [primary, standby].map { refusals(of: $0) } }
                        return [primary, standby].map { refusals(of: $0) } == refused
                    } until: {
                        $0
                    }
                    #expect(settled)
                    var page = try await exporter.page()
                    for _ in 0..<8 {
                        try await Task.sleep(for: .milliseconds(250))
                        page = try await exporter.page()
                    }
                    #expect([primary, standby].map { refusals(of: $0) } == refused, "it was asked again")
                    #expect(refused.allSatisfy { $0 <= 20 }, "\(refused)")
                    for (target, expected) in [
                        ("primary", service.unsupported), ("standby", service.unsupported.union(service.unsupportedOnStandby)),
                    ] {
                        try check(page, target, unsupported: expected, major)
                    }
                    #expect(page.all("pgwal_collector_errors_total").isEmpty, "\(page.all("pgwal_collector_errors_total").keys.map(\.labels))")
                    for collector in service.unsupported {
                        let told = exporter.process.output.split(separator: "\n").count {
                            $0.contains("not supported") && $0.contains("collector=\(collector) ")
                        }
                        #expect(told <= 2, "\(collector): a line for each target")
                    }
                    let system = try #require(page.all("pgwal_target_info", ["target": "primary"]).keys.first).labels["system_identifier"]
                    #expect(system == (service.revoked.contains("pg_control_system") ? "" : try await primary.systemIdentifier()))
                    // At the next connection it is asked again.
                    let connects = try page.value("pgwal_connects_total", ["target": "primary"]) ?? 0
                    try await primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'monitor'")
                    let again = try await exporter.page(until: "it is connected again") { page in
                        try page.value("pgwal_connects_total", ["target": "primary"]) ?? 0 > connects
                            && page.value("pgwal_up", ["target": "primary"]) == 1
                    }
                    try check(again, "primary", unsupported: service.unsupported, major)
                    if !service.unsupported.isEmpty {
                        // Directories are listed after a scrape.
                        _ = try await exporter.page(until: "what was refused is asked again") { _ in refusals(of: primary) > refused[0] }
                    }
                }
            }
        }

        @Test(
            "A privilege that is granted is used without a new connection; one that is revoked meanwhile is a failure",
            arguments: PostgresInstallation.among(18)
        )
        func grants(major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute(
                    "CREATE ROLE monitor LOGIN PASSWORD '\(PostgresServer.monitoringPassword)'; GRANT pg_read_all_stats TO monitor"
                )
                let exporter = try await Exporter(targets: [("p", primary.monitoringConninfo)], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "pg_wal may not be listed") { page in
                        try page.value("pgwal_collector_supported", ["collector": "wal_directory"]) == 0
                            && page.value("pgwal_privilege_missing", ["privilege": "pg_ls_waldir"]) == 1
                    }
                    try await primary.execute("GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO monitor")
                    let granted = try await exporter.page(until: "it is listed") { try $0.value("pgwal_wal_directory_segments") != nil }
                    #expect(try granted.value("pgwal_collector_supported", ["collector": "wal_directory"]) == 1)
                    #expect(try granted.value("pgwal_connects_total") == 1)
                    try await primary.execute("REVOKE SELECT ON pg_stat_wal FROM PUBLIC")
                    _ = try await exporter.page(until: "what was revoked fails") { page in
                        try page.value("pgwal_collector_success", ["collector": "wal_stats"]) == 0
                            && page.value("pgwal_collector_errors_total", ["collector": "wal_stats", "reason": "permission"]) ?? 0 >= 3
                    }
                }
            }
        }

        private func conninfo(_ server: PostgresServer) -> String {
            server.conninfo(user: "monitor", password: PostgresServer.monitoringPassword, database: ManagedService.database, over: .tcp)
        }

        private func refusals(of server: PostgresServer) -> Int {
            server.log.split(separator: "\n").count { line in line.contains("ERROR") && ManagedService.marks.contains { line.contains($0) } }
        }

        private func check(_ page: Page, _ target: String, unsupported: Set<String>, _ major: Int) throws {
            #expect(try page.value("pgwal_up", ["target": target]) == 1)
            func collectors(_ name: String, _ value: Double) -> Set<String> {
                Set(page.all(name, ["target": target]).filter { $0.value == value }.compactMap { $0.key.labels["collector"] })
            }
            // A standby of 17 and before generates no WAL, and is not asked what it generated.
            let exempt: Set<String> = target == "standby" && major < 18 ? ["wal_stats"] : []
            #expect(collectors("pgwal_collector_supported", 0) == unsupported.subtracting(exempt), "\(target)")
            #expect(collectors("pgwal_collector_success", 0).isEmpty, "\(target)")
            #expect(collectors("pgwal_collector_success", 1) == collectors("pgwal_collector_supported", 1), "\(target)")
            // Slots are worth a lot also without the position that they are measured from.
            #expect(try page.value("pgwal_slots_used", ["target": target]) != nil)
            if target == "primary" {
                #expect(try page.value("pgwal_slot_active", ["target": target, "slot_name": "standby"]) == 1)
                #expect(try page.state("pgwal_walsender_state", "state", ["target": target, "slot_name": "standby"]) == "streaming")
                let retained = try page.value("pgwal_slot_retained_bytes", ["target": target, "slot_name": "consumer"])
                #expect((retained == nil) == unsupported.contains("wal"), "\(retained as Any)")
                #expect(!page.all("pgwal_checkpoints_total", ["target": target]).isEmpty)
            }
        }
    }
}
