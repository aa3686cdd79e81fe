import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// What is unusual, and no fault.
    @Suite(.serialized)
    struct LookAlikeTests {
        private static let password = "alike-secret"

        private func conninfo(_ server: PostgresServer) -> String { server.conninfo(password: Self.password, over: .tcp) }

        @Test("a server that is reached through pgbouncer, beside its standby: nothing is found", arguments: PostgresInstallation.among(15, 18))
        func pooler(_ major: Int) async throws {
            guard PgBouncer.isInstalled else { return }
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor; ALTER ROLE postgres PASSWORD '\(Self.password)'")
                let standby = try await PostgresServer.standby(of: primary, slot: "standby")
                let pooler = try await PgBouncer(to: primary, ignoring: ["extra_float_digits", "options"])
                let exporter = try await Exporter(targets: [("pooled", pooler.conninfo), ("s", conninfo(standby))])
                try await withExporter(exporter) { exporter in
                    for _ in 0..<5 { try await exporter.topology(untilFound: []) }
                    // Beside the server itself it is another way to the same one.
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up", ["target": "pooled"]) == 1)
                    #expect(try page.value("pgwal_in_recovery", ["target": "pooled"]) == 0)
                }
                let both = try await Exporter(targets: [("pooled", pooler.conninfo), ("p", conninfo(primary)), ("s", conninfo(standby))])
                try await withExporter(both) { exporter in
                    for _ in 0..<5 { try await exporter.topology(untilFound: []) }
                }
            }
        }

        @Test("pg_upgrade: the target leads to another system, of a newer version, and nothing of the old one is held against it")
        func upgraded() async throws {
            let majors = PostgresInstallation.among(15, 17)
            guard majors.count == 2 else { return }
            try await withServers {
                let old = try await PostgresServer.primary(version: 15, name: "old")
                try await old.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'; CREATE TABLE t AS SELECT 1")
                let new = try await PostgresServer.primary(version: 17, name: "new")
                try await new.execute("DROP ROLE replicator")
                try await new.stop()
                // One target, which leads to whichever of the two runs.
                let address = "host=127.0.0.1,127.0.0.1 port=\(old.port),\(new.port) user=postgres password=\(Self.password) dbname=postgres"
                let exporter = try await Exporter(targets: [("a", address)], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    try await exporter.topology(untilFound: [])
                    let before = try await old.systemIdentifier()
                    try await old.stop()
                    let folder = try TemporaryRoot.makeDirectory("upgrade")
                    try await ChildProcess.check(
                        "/bin/sh",
                        [
                            "-c", "cd \"$0\" && exec \"$@\"", folder, new.installation.tool("pg_upgrade"), "-U", "postgres", "-s", folder,
                            "-b", URL(filePath: old.installation.tool("postgres")).deletingLastPathComponent().path(),
                            "-B", URL(filePath: new.installation.tool("postgres")).deletingLastPathComponent().path(),
                            "-d", old.dataDirectory, "-D", new.dataDirectory, "--no-sync",
                        ],
                        user: .unprivileged,
                        timeout: .seconds(120)
                    )
                    try await new.start()
                    #expect(try await new.psql("SELECT count(*) FROM t") == "1")
                    #expect(try await new.systemIdentifier() != before)
                    var seen: Set<String> = []
                    _ = try await exporter.topology(until: "all is well") { found in
                        seen.formUnion(found.codes())
                        return found.codes() == []
                    }
                    #expect(seen.subtracting(["target_down a"]) == [])
                    for _ in 0..<3 { try await exporter.topology(untilFound: []) }
                }
            }
        }

        @Test(
            "a synchronous standby that has never been connected: commits do wait, that is said, and no more; it is over when it comes",
            arguments: PostgresInstallation.among(15, 18)
        )
        func firstConnection(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
                try primary.configure(["synchronous_standby_names": "standby"])
                primary.reload()
                let exporter = try await Exporter(targets: [("p", conninfo(primary))])
                try await withExporter(exporter) { exporter in
                    let waits = try await exporter.topology(untilFound: ["sync_not_satisfied p"])
                    #expect(try waits.finding("sync_not_satisfied").severity == "critical")
                    _ = try await PostgresServer.standby(of: primary)
                    try await exporter.topology(untilFound: [])
                }
            }
        }
    }
}
