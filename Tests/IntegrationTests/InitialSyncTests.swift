import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct InitialSyncTests {
        private static let tables = 120

        /// Each table is copied by a worker of its own, with a walsender and a slot of a name that never comes back.
        @Test("the initial copy of 120 tables makes no more series than that of one", arguments: PostgresInstallation.among(15, 18))
        func manyTables(_ major: Int) async throws {
            try await withServers {
                let publisher = try await PostgresServer.primary(
                    version: major,
                    name: "publisher",
                    settings: ["wal_level": "logical", "max_wal_senders": "30", "max_replication_slots": "40"]
                )
                let subscriber = try await PostgresServer.primary(
                    version: major,
                    name: "subscriber",
                    settings: [
                        "max_sync_workers_per_subscription": "12", "max_logical_replication_workers": "16", "max_worker_processes": "24",
                    ]
                )
                // Rows enough for the workers to be seen at work.
                let creation = "CREATE TABLE t%s (id bigint PRIMARY KEY)"
                let loop = "DO $$ BEGIN FOR i IN 1..\(Self.tables) LOOP EXECUTE format('\(creation)', i); END LOOP; END $$"
                for server in [publisher, subscriber] { try await server.execute(loop) }
                try await publisher.execute(
                    """
                    DO $$ BEGIN FOR i IN 1..\(Self.tables) LOOP EXECUTE format('INSERT INTO t%s SELECT generate_series(1, 2000)', i); END LOOP; END $$;
                    GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(PostgresServer.replicationUser);
                    CREATE PUBLICATION everything FOR ALL TABLES
                    """
                )
                let exporter = try await Exporter(targets: [("p", publisher.conninfo())])
                try await withExporter(exporter) { exporter in
                    let source = publisher.conninfo(
                        user: PostgresServer.replicationUser,
                        password: PostgresServer.replicationPassword,
                        over: .tcp
                    )
                    try await subscriber.execute("CREATE SUBSCRIPTION orders CONNECTION '\(source)' PUBLICATION everything")

                    var series: Set<Page.Series> = []
                    var names: Set<String> = []
                    var copying = 0
                    var copied = ""
                    let last = try await exporter.page(until: "all tables are copied", timeout: .seconds(120)) { page in
                        series.formUnion(page.values.keys)
                        names.formUnion(page.values.keys.flatMap { [$0.labels["application_name"], $0.labels["slot_name"]].compactMap(\.self) })
                        copying += page.all("pgwal_walsender_state", ["application_name": "pg_sync"]).isEmpty ? 0 : 1
                        return copied == "\(Self.tables)"
                    } before: {
                        copied = try await subscriber.psql("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'")
                    }
                    #expect(copying > 0, "the workers were seen")
                    #expect(names.count <= 4, "\(names.sorted())")
                    #expect(series.count < last.values.count + 150, "\(series.count) series in all, \(last.values.count) of them on the last page")

                    try await subscriber.execute(
                        "ALTER SUBSCRIPTION orders DISABLE; ALTER SUBSCRIPTION orders SET (slot_name = NONE); DROP SUBSCRIPTION orders"
                    )
                }
            }
        }
    }
}
