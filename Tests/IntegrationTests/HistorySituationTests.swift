import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    @Suite(.serialized)
    struct HistorySituationTests {
        @Test("the filesystem of pg_wal is found beside the server, or where the configuration says", arguments: PostgresInstallation.among(15))
        func filesystem(_ major: Int) async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: major)
                try await server.createMonitoringRole()
                try await server.execute("CREATE ROLE nobody_special LOGIN")
                let configuration = """
                    targets:
                      - {name: found, dsn: "\(server.conninfo())"}
                      - {name: configured, dsn: "\(server.monitoringConninfo)", wal_directory: \(server.dataDirectory)/pg_wal}
                      - {name: hidden, dsn: "\(server.monitoringConninfo)"}
                      - {name: misspelt, dsn: "\(server.monitoringConninfo)", wal_directory: \(server.dataDirectory)/pg_wall}
                      - {name: socket, dsn: "\(server.conninfo(user: "nobody_special"))"}
                    """
                let exporter = try await Exporter(["--config.file", Exporter.file(configuration)])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "it was looked at") { page in
                        page.all("pgwal_wal_filesystem_size_bytes").count == 2
                    }
                    var information = statvfs()
                    try #require(statvfs(server.dataDirectory, &information) == 0)
                    for target in ["found", "configured"] {
                        let size = try page.value("pgwal_wal_filesystem_size_bytes", ["target": target])
                        #expect(size == Double(information.f_blocks) * Double(information.f_frsize))
                        let available = try #require(try page.value("pgwal_wal_filesystem_available_bytes", ["target": target]))
                        #expect(available > 0 && available < size ?? 0)
                    }
                    #expect(try page.value("pgwal_wal_filesystem_size_bytes", ["target": "hidden"]) == nil)
                    let told = try await exporter.page(until: "what cannot be read is told") { page in
                        page.all("pgwal_wal_filesystem_unreadable", ["target": "misspelt"]).count == 5
                            && page.all("pgwal_wal_filesystem_unreadable", ["target": "socket"]).count == 5
                    }
                    #expect(try told.value("pgwal_wal_filesystem_unreadable", ["target": "misspelt", "reason": "missing"]) == 1)
                    #expect(try told.value("pgwal_wal_filesystem_unreadable", ["target": "socket", "reason": "hidden"]) == 1)
                    #expect(told.all("pgwal_wal_filesystem_unreadable", ["target": "configured"]).values.allSatisfy { $0 == 0 })
                    #expect(told.all("pgwal_wal_filesystem_unreadable", ["target": "hidden"]).isEmpty, "it may be the near end of a tunnel")
                }
            }
        }

        @Test("an exporter that has just started knows how old the WAL is that a slot holds", arguments: PostgresInstallation.among(13, 18))
        func seeding(_ major: Int) async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: major)
                try await server.createPhysicalSlot("held")
                let created = ContinuousClock.now
                for _ in 0..<3 { try await server.execute("CREATE TABLE t(); DROP TABLE t; SELECT pg_switch_wal()") }
                try await waitUntil("the slot has been held for four seconds") { ContinuousClock.now - created > .seconds(4) }
                let outcome = try await ChildProcess.run(Exporter.path, ["collect", "--dsn", server.conninfo()])
                let page = try Page(outcome.output)
                let held = (ContinuousClock.now - created) / .seconds(1)
                let age = try #require(try page.value("pgwal_slot_retained_age_seconds"))
                #expect((held - 3...held + 2).contains(age), "\(age) after \(held) seconds")
                let since = try #require(try page.value("pgwal_slot_inactive_since_timestamp_seconds"))
                #expect(abs(since - Double(time(nil))) < 15)
            }
        }

        @Test("samples are counted once a second, and not at all when the sampler is off")
        func sampler() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 16)
                _ = try await PostgresServer.standby(of: primary, slot: "s")
                let count = "pgwal_walsender_replay_age_sampled_seconds_count"
                let sampling = try await Exporter(targets: [("p", primary.conninfo())], collection: "lsn_sample_interval: 100ms")
                try await withExporter(sampling) { exporter in
                    let page = try await exporter.page(until: "ten samples") { try $0.value(count) ?? 0 >= 10 }
                    #expect(try page.value("pgwal_walsender_replay_age_sampled_seconds_bucket", ["le": "+Inf"]) == page.value(count))
                    #expect(try page.value("pgwal_walsender_flush_age_sampled_seconds_count") ?? 0 >= 10)
                    #expect(try page.value("pgwal_connects_total") == 1, "on the same connection")
                }
                let off = try await Exporter(targets: [("p", primary.conninfo())], collection: "lsn_sample_interval: 0")
                try await withExporter(off) { exporter in
                    let begin = ContinuousClock.now
                    _ = try await exporter.page(until: "two seconds have passed") { _ in ContinuousClock.now - begin > .seconds(2) }
                    #expect(try await exporter.page().value(count) == nil)
                    #expect(try await exporter.page().value("pgwal_walsender_replay_age_seconds") != nil, "scrapes feed the clock too")
                }
            }
        }
    }
}
