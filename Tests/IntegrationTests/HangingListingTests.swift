import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// Storage that does not answer costs what was listed there.
    @Suite(.serialized)
    struct HangingListingTests {
        /// Stops the exporter's process on the server (SIGSTOP) while it lists, as storage would that stalls: no cancel request and no
        /// timeout reaches it. The lock only makes the moment long enough to be found.
        private static let trap = """
            CREATE TABLE stopped (pid int);
            DO $$
            DECLARE found int;
            BEGIN
                LOOP
                    PERFORM pg_stat_clear_snapshot();
                    SELECT pid INTO found FROM pg_stat_activity WHERE application_name = 'pgwal_exporter' AND wait_event_type = 'Lock';
                    IF found IS NOT NULL THEN
                        EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'kill -STOP ' || found || '; cat > /dev/null');
                        INSERT INTO stopped VALUES (found);
                        EXIT;
                    END IF;
                    PERFORM pg_sleep(0.01);
                END LOOP;
            END $$;
            """

        @Test("a listing that hangs for good: the server stays up for every scrape and check, one process is left and no second one")
        func stopped() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 16)
                let exporter = try await Exporter(targets: [("p", server.conninfo())], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "all was listed") {
                        try $0.value("pgwal_collector_success", ["collector": "subscription_tables"]) == 1
                    }
                    let locker = try ChildProcess(
                        server.installation.tool("psql"),
                        ["-X", "-d", server.conninfo(), "-c", "BEGIN; LOCK TABLE pg_subscription_rel IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(120)"]
                    )
                    let trap = try ChildProcess(server.installation.tool("psql"), ["-X", "-d", server.conninfo(), "-c", Self.trap])
                    try await waitUntil("a process of the exporter is stopped while it lists") {
                        #expect(try await exporter.page().value("pgwal_up") == 1)
                        return try await server.psql("SELECT count(*) FROM stopped") == "1"
                    }
                    await trap.terminate()
                    await locker.terminate()
                    // A server that sleeps does not notice that its client is gone.
                    try await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%'")
                    let pid = try #require(Int32(try await server.psql("SELECT pid FROM stopped")))
                    defer { kill(pid, SIGCONT) }

                    let sessions = { try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'") }
                    let begin = ContinuousClock.now
                    while ContinuousClock.now - begin < .seconds(12) {
                        let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 3"])
                        let page = try Page(answer.body)
                        #expect(try page.value("pgwal_up") == 1)
                        #expect(try page.value("pgwal_collector_success", ["collector": "slots"]) == 1)
                        #expect(try await HTTP.get(exporter.url + "/role/primary").status == 200)
                        #expect(["1", "2"].contains(try await sessions()), "the one that hangs, and the one connection")
                    }
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_collector_success", ["collector": "subscription_tables"]) == 0)
                    #expect(try page.value("pgwal_connects_total") ?? 9 <= 3, "no connection is lost to a listing that is not begun")

                    kill(pid, SIGCONT)
                    _ = try await exporter.page(until: "it is listed again", timeout: .seconds(60)) {
                        try $0.value("pgwal_collector_success", ["collector": "subscription_tables"]) == 1
                    }
                    try await waitUntil("one session is left") { try await sessions() == "1" }
                }
            }
        }

        @Test("a listing that failed is made again within seconds, not after a whole interval")
        func failed() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let locking = Task {
                    try await server.execute("BEGIN; LOCK TABLE pg_subscription_rel IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(100); COMMIT")
                }
                let locks = "pg_locks WHERE relation = 'pg_subscription_rel'::regclass AND mode = 'AccessExclusiveLock' AND granted"
                try await waitUntil("it is locked") { try await server.psql("SELECT count(*) FROM \(locks)") == "1" }
                let exporter = try await Exporter(targets: [("p", server.conninfo())], collection: "directory_interval: 1d")
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it cannot be listed") {
                        try $0.value("pgwal_collector_success", ["collector": "subscription_tables"]) == 0
                    }
                    try await server.execute("SELECT pg_terminate_backend(pid) FROM \(locks)")
                    _ = try await exporter.page(until: "it is listed", timeout: .seconds(30)) {
                        try $0.value("pgwal_collector_success", ["collector": "subscription_tables"]) == 1
                    }
                    // It has been ended in the middle.
                    _ = await locking.result
                }
            }
        }
    }
}
