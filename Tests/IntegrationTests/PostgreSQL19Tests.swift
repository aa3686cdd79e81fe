import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// What only 19 has, where it is installed.
    @Suite(.serialized)
    struct PostgreSQL19Tests {
        private static let majors = PostgresInstallation.majors.filter { $0 >= 19 }

        @Test(
            "what is really logged follows the first and the last logical slot without a reload; REPACK's slots are counted apart",
            arguments: majors
        )
        func effectiveLevel(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: ["wal_level": "replica"])
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                try await withExporter(try await Exporter(targets: [primary, standby].map { ($0.name, $0.conninfo()) })) { exporter in
                    func expect(_ level: String) async throws {
                        let page = try await exporter.page(until: "the level is \(level)") { page in
                            try [primary, standby].allSatisfy {
                                try page.state("pgwal_setting_effective_wal_level", "level", ["target": $0.name]) == level
                            }
                        }
                        #expect(try page.state("pgwal_setting_wal_level", "level", ["target": primary.name]) == "replica")
                        #expect(try page.value("pgwal_repack_slots_used", ["target": primary.name]) == 0)
                        #expect(try page.value("pgwal_repack_slots_limit", ["target": primary.name]) ?? 0 > 0)
                    }
                    try await expect("replica")
                    try await primary.createLogicalSlot("l", plugin: "pgoutput")
                    try await expect("logical")
                    try await primary.execute("SELECT pg_drop_replication_slot('l')")
                    try await expect("replica")
                }
            }
        }

        @Test(
            "wal_receiver_timeout that is the role's or the database's own is not the walreceiver's: an idle link is up",
            arguments: majors
        )
        func receiverTimeout(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor; CREATE DATABASE own")
                try await primary.execute(
                    "ALTER ROLE monitor SET wal_receiver_timeout = '100ms'; ALTER DATABASE own SET wal_receiver_timeout = '100ms'"
                )
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                let ways = ["role": standby.conninfo(user: "monitor"), "database": standby.conninfo(database: "own")]
                let exporter = try await Exporter(targets: ways.map { ($0.key, $0.value) } + [("plain", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    // Nothing is said on an idle link for up to half of the timeout, a minute.
                    let page = try await exporter.page(until: "the link has been idle for longer than that") { page in
                        let last = try page.value("pgwal_receiver_last_message_timestamp_seconds", ["target": "plain"]) ?? .infinity
                        return Date().timeIntervalSince1970 - last > 1
                    }
                    for target in ["role", "database", "plain"] {
                        #expect(try page.value("pgwal_receiver_up", ["target": target]) == 1, "\(target)")
                        let seconds = try page.value("pgwal_setting_wal_receiver_timeout_seconds", ["target": target])
                        #expect(seconds == (target == "plain" ? 60 : nil), "\(target): \(String(describing: seconds))")
                    }
                    let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body)
                    #expect(!found.findings.contains { $0.code == "standby_not_streaming" })
                }
            }
        }

        @Test("sequences of a subscription are no tables, and their worker is no apply worker", arguments: majors)
        func sequences(_ major: Int) async throws {
            try await withServers {
                let publisher = try await PostgresServer.primary(version: major, name: "publisher", settings: ["wal_level": "logical"])
                let subscriber = try await PostgresServer.primary(version: major, name: "subscriber")
                for server in [publisher, subscriber] { try await server.execute("CREATE SEQUENCE numbers; CREATE TABLE rows (id int PRIMARY KEY)") }
                try await publisher.execute("CREATE PUBLICATION of_tables FOR ALL TABLES, ALL SEQUENCES")
                try await subscriber.execute("CREATE SUBSCRIPTION sub CONNECTION '\(publisher.conninfo())' PUBLICATION of_tables")
                try await subscriber.waitUntilSubscribed()
                let exporter = try await Exporter(targets: [(subscriber.name, subscriber.conninfo())], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "both are copied") { page in
                        try page.value("pgwal_subscription_sequences", ["state": "ready"]) == 1
                            && page.value("pgwal_subscription_tables", ["state": "ready"]) == 1
                    }
                    #expect(try page.value("pgwal_subscription_up") == 1)
                    for kind in ["apply", "sync", "sequence"] { #expect(try page.value("pgwal_subscription_errors_total", ["kind": kind]) == 0) }
                    // A sequence that cannot be copied keeps its worker busy: that is no apply worker. This one is ended, and may not come back.
                    try await subscriber.execute("ALTER SYSTEM SET max_logical_replication_workers = 0")
                    try await subscriber.restart()
                    _ = try await exporter.page(until: "the apply worker is gone") { try $0.value("pgwal_subscription_up") == 0 }
                }
            }
        }
    }
}
