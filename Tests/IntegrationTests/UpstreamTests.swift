import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct UpstreamTests {
        /// A value of primary_conninfo, and what it says; nothing when both are empty.
        struct Example: Sendable {
            let conninfo: String
            let host: String
            let port: String

            init(_ conninfo: String, _ host: String = "", _ port: String = "") {
                self.conninfo = conninfo
                self.host = host
                self.port = port
            }
        }

        /// In every password are the two parts of `sEcReT`, also where something is between them, and what would be a wrong host ends with 66.
        /// Nothing listens at these addresses, and no name server is asked for them.
        static let examples = [
            Example("host=127.0.0.1 port=9 user=r password=sEcReT1 application_name=a", "127.0.0.1", "9"),
            Example(#"password = 'sEcReT2 host=127.0.0.66 \' port=66' host = '127.0.0.2' port='9'"#, "127.0.0.2", "9"),
            Example(#"password=sEcReT3\ host=127.0.0.66 host=127.0.0.3"#, "127.0.0.3"),
            Example(#"password=sEcReT4' host=127.0.0.3 sslpassword='sEcReT4b'"#, "127.0.0.3"),
            Example("host=127.0.0.4,127.0.0.5 port=9,10 password=sEcReT5", "127.0.0.4,127.0.0.5", "9,10"),
            Example("host=127.0.0.4,127.0.0.5 port=9 password='sEcReT6'", "127.0.0.4,127.0.0.5", "9"),
            Example("hostaddr=127.0.0.6 port=9 password=sEcReT7", "127.0.0.6", "9"),
            Example("hostaddr=127.0.0.6 host=127.0.0.7 password=sEcReT8", "127.0.0.7"),
            Example("host=127.0.0.66 port=66 host=127.0.0.8 port=9 password=sEcReT9", "127.0.0.8", "9"),
            Example(#"host='/tmp/o\'brien \\ sons' port=9 password=sEcReT10"#, #"/tmp/o'brien \ sons"#, "9"),
            Example("password= host=sEcReT11 port=9", "", "9"),
            Example("user=r password=sEcReT12"),
            Example("postgresql://r:sEcReT13@127.0.0.9:9/db?application_name=a", "127.0.0.9", "9"),
            Example("postgres://r:sEc%40ReT14@127.0.0.9", "127.0.0.9"),
            Example("postgresql://127.0.0.9:9?password=sEcReT15", "127.0.0.9", "9"),
            Example("postgresql://r:sEcReT16@[::1]:9/db", "::1", "9"),
            Example("postgresql://r:sEcReT17@[::1]:9,127.0.0.9,127.0.0.10:10/db", "::1,127.0.0.9,127.0.0.10", "9,,10"),
            Example("postgresql://r:sEcReT18@/db"),
            Example("postgresql://r:5432?sEcReT19@127.0.0.9/db", "127.0.0.9"),
        ]

        /// libpq refuses them, or takes another part for the password than the eye does.
        static let malformed = [
            Example("host=127.0.0.66 password='sEcReT21"),
            Example("host= password=sEcReT22"),
            Example("hostaddr= password=sEcReT23"),
            Example("port= password=sEcReT24"),
            Example("host=127.0.0.66 password=sEc ReT25"),
            Example("host=127.0.0.66 password=sEcReT26 ReT"),
            Example(#"host=127.0.0.66 password=sEcReT27\"#),
            Example("host password=sEcReT28"),
            Example("postgresql://r:sEc@ReT31@127.0.0.66:9/db"),
            Example("postgresql://r:sEc/ReT32@127.0.0.66:9/db"),
            Example("postgresql://r:5432/sEcReT33@127.0.0.66:9/db"),
            Example("postgresql://r:sEc@ReT36@[::1]:9/db"),
            Example("postgresql://r@[::1:9,sEcReT37/db"),
            Example("postgresql://r@127.0.0.66:sEcReT38/db"),
        ]

        @Test("host and port out of primary_conninfo, and nothing else of it anywhere", arguments: PostgresInstallation.among(13, 18))
        func configured(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("CREATE ROLE monitor LOGIN PASSWORD 'm'; GRANT pg_monitor TO monitor")
                let standby = try await PostgresServer.standby(of: primary)
                try await standby.waitUntilReplayed(primary)
                try await primary.stop()
                let recorder = try await Recorder(to: standby.port)
                let conninfo = "host=127.0.0.1 port=\(recorder.port) user=monitor password=m dbname=postgres sslmode=disable gssencmode=disable"
                let exporter = try await Exporter(["--dsn", conninfo, "--log.level", "debug"])
                try await withExporter(exporter) { exporter in
                    var shown: [String] = []
                    for (index, example) in (Self.examples + Self.malformed).enumerated() {
                        // The slot tells when the exporter's session has read the configuration of this example.
                        let slot = "example_\(index)"
                        // Backslashes are special in postgresql.conf too.
                        try standby.configure([
                            "primary_conninfo": example.conninfo.replacing(#"\"#, with: #"\\"#), "primary_slot_name": slot,
                        ])
                        standby.reload()
                        let page = try await exporter.page(until: "\(example.conninfo) is read") { page in
                            page.all("pgwal_upstream_info", ["slot_name": slot]).count == 1
                        }
                        #expect(try await standby.psql("SHOW primary_conninfo") == example.conninfo, "it is what the server has")
                        let upstream = try #require(page.all("pgwal_upstream_info").first?.key.labels)
                        #expect(upstream["upstream_host"] == example.host, "\(example.conninfo)")
                        #expect(upstream["upstream_port"] == example.port, "\(example.conninfo)")
                        #expect(try page.value("pgwal_receiver_configured") == 1, "\(example.conninfo)")
                        #expect(try page.value("pgwal_receiver_up") == 0, "\(example.conninfo)")
                        shown.append(page.text)
                        for path in ["/api/v1/topology", "/", "/sd", "/probe?target=postgres", "/role/standby?max_lag=1s"] {
                            shown.append(try await HTTP.get(exporter.url + path).body)
                        }
                    }
                    // For the log to have something to say at its most talkative.
                    try await standby.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'")
                    _ = try await exporter.page(until: "it is up again") { try $0.value("pgwal_connects_total") == 2 }
                    #expect(exporter.process.output.contains("level=debug"))
                    shown.append(exporter.process.output)
                    for part in ["ReT", "sEc", "127.0.0.66"] {
                        let lines = shown.flatMap { $0.split(separator: "\n") }.filter { $0.contains(part) }
                        #expect(lines.isEmpty, "\(part) is told")
                        #expect(try await !recorder.contains(part), "\(part) came over the connection")
                    }
                    // What is looked through is the right thing.
                    #expect(shown.contains { $0.contains("127.0.0.4:9,127.0.0.5:10") }, "the topology shows addresses")
                    #expect(try await recorder.contains("primary_conninfo"))
                    #expect(try await recorder.contains("::1,127.0.0.9,127.0.0.10"))
                    #expect(try await recorder.contains("example_3"))
                }
                await recorder.stop()
            }
        }

        @Test(
            "where it streams from, and where it is told to; without pg_read_all_settings only the slot is known then",
            arguments: PostgresInstallation.among(13, 18)
        )
        func streaming(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.createMonitoringRole()
                try await primary.execute("CREATE ROLE reader LOGIN; GRANT pg_monitor TO reader")
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                try await standby.waitUntilReplayed(primary)
                let exporter = try await Exporter(targets: [("little", standby.monitoringConninfo), ("all", standby.conninfo(user: "reader"))])
                let address = ["upstream_host": "127.0.0.1", "upstream_port": "\(primary.port)", "slot_name": "s"]
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "it streams") { $0.all("pgwal_receiver_up").values.filter { $0 == 1 }.count == 2 }
                    #expect(try page.value("pgwal_upstream_info", address.merging(["target": "little"]) { $1 }) == 1)
                    #expect(try page.value("pgwal_upstream_info", address.merging(["target": "all"]) { $1 }) == 1)

                    try await primary.stop()
                    let alone = try await exporter.page(until: "it is cut off, and between two attempts") { page in
                        let little = page.all("pgwal_upstream_info", ["target": "little"]).first?.key.labels
                        return page.all("pgwal_receiver_up").values.allSatisfy { $0 == 0 } && little?["upstream_host"] == ""
                    }
                    let unknown = ["target": "little", "upstream_host": "", "upstream_port": "", "slot_name": "s"]
                    #expect(try alone.value("pgwal_upstream_info", unknown) == 1)
                    #expect(alone.all("pgwal_upstream_info").count == 2)
                    #expect(try alone.value("pgwal_upstream_info", address.merging(["target": "all"]) { $1 }) == 1)

                    // A promoted server keeps its settings, and has no upstream.
                    try await standby.promote()
                    #expect(try await exporter.page().all("pgwal_upstream_info").isEmpty)
                }
            }
        }
    }
}
