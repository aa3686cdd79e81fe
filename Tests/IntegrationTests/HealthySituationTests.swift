import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// What administrators do every day, and what must not be found meanwhile.
    @Suite(.serialized)
    struct HealthySituationTests {
        private static let password = "healthy-secret"
        private static let chronic: Set = ["slot_retention_unlimited", "rewind_not_ready", "slot_inactive"]
        /// What would have somebody destroy something, or decide which data live.
        private static let grave = [
            "two_primaries", "split_brain_unresolved", "standby_diverged", "wal_gone_at_upstream", "failback_needs_base_backup", "slot_lost",
        ]

        @Test(
            "a base backup under way; then a switchover, in which the other standby becomes one of the new primary's without being touched",
            arguments: PostgresInstallation.among(15, 18)
        )
        func backupAndSwitchover(_ major: Int) async throws {
            try await withServers {
                let old = try await PostgresServer.primary(version: major, name: "a")
                try await old.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
                let new = try await PostgresServer.standby(of: old, name: "b", slot: "b")
                let cascade = try await PostgresServer.standby(of: new, name: "c", slot: "c")
                try await new.waitUntilReplayed(old)
                let exporter = try await Exporter(
                    targets: [old, new, cascade].map { ($0.name, $0.conninfo(password: Self.password, over: .tcp)) },
                    collection: "directory_interval: 1s"
                )
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.topology(until: "all is well") { $0.codes(except: Self.chronic) == [] }
                    try await backUp(old, watchedBy: exporter)

                    var seen: Set<String> = []
                    func look() async throws -> TopologyAnswer {
                        let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body)
                        seen.formUnion(found.codes(except: Self.chronic))
                        return found
                    }
                    try await old.stop()
                    _ = try await look()
                    try await new.promote()
                    _ = try await look()
                    try await new.createPhysicalSlot("a")
                    try follow(old, new)
                    try await old.start()
                    // It follows over the switch of the timeline, and so does the standby in the cascade, which knows nothing of it.
                    try await new.execute("CREATE TABLE after AS SELECT 1")
                    try await waitUntil("all follow, and all is well") {
                        let found = try await look()
                        return found.codes(except: Self.chronic) == [] && Set(found.edges.compactMap(\.receiver)) == ["a", "c"]
                            && Set(found.servers.compactMap(\.timeline)) == [2]
                    }
                    let grave = seen.filter { code in Self.grave.contains { code.hasPrefix($0) } }
                    #expect(grave == [], "while it went on: \(seen)")
                    #expect(seen.contains("target_down a"), "it was looked at while it went on")
                }
            }
        }

        private func backUp(_ server: PostgresServer, watchedBy exporter: Exporter) async throws {
            let folder = try TemporaryRoot.makeDirectory("backup")
            let process = try ChildProcess(
                server.installation.tool("pg_basebackup"),
                ["-d", server.conninfo(), "-D", folder + "/data", "--no-sync", "--checkpoint=fast", "--max-rate=1M"],
                user: .unprivileged
            )
            _ = try await exporter.page(until: "it is under way") { try $0.value("pgwal_basebackup_streamed_bytes", ["target": "a"]) ?? 0 > 0 }
            for _ in 0..<10 {
                let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body)
                #expect(found.codes(except: Self.chronic) == [])
            }
            #expect(process.isRunning, "it still is")
            await process.terminate()
            _ = try await exporter.topology(until: "its end leaves nothing") { $0.codes(except: Self.chronic) == [] }
        }

        private func follow(_ standby: PostgresServer, _ upstream: PostgresServer) throws {
            let source = "host=127.0.0.1 port=\(upstream.port) user=\(PostgresServer.replicationUser) password=\(PostgresServer.replicationPassword)"
            try standby.configure(["primary_conninfo": "\(source) application_name=\(standby.name)", "primary_slot_name": "a"])
            try Data().write(to: URL(filePath: standby.dataDirectory + "/standby.signal"))
        }
    }
}
