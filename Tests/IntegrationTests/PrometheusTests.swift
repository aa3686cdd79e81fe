import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct PrometheusTests {
        @Test("promtool finds nothing to complain about")
        func promtool() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 18, archive: true)
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "all is up") { try $0.value("pgwal_receiver_up") == 1 }
                    let outcome = try await ChildProcess.run("promtool", ["check", "metrics"], input: page.text)
                    #expect(outcome.status == .code(0), "\(outcome.output)\(outcome.errors)")
                    #expect((outcome.output + outcome.errors).isEmpty, "\(outcome.output)\(outcome.errors)")
                }
            }
        }

        /// Names that PostgreSQL lets pass: anything in a database or subscription name, nearly anything in cluster_name.
        private static let hostile = #"q"uo\te {brace} = , #"# + "\nline\ttab é 🐘"

        @Test("a real Prometheus takes both formats, with hostile names in them")
        func scrape() async throws {
            try await withServers {
                let publisher = try await PostgresServer.primary(version: 16)
                let subscriber = try await PostgresServer.subscriber(of: publisher, settings: ["cluster_name": "c\"l\\uster"])
                let name = Self.hostile.replacing("\"", with: "\"\"")
                let elephants = String(repeating: "🐘", count: 15)
                try await subscriber.execute(
                    """
                    CREATE SUBSCRIPTION "\(name)" CONNECTION 'host=/nonexistent' PUBLICATION p WITH (connect = false);
                    CREATE DATABASE "\(elephants)";
                    """
                )
                try await subscriber.execute(
                    "CREATE SUBSCRIPTION s CONNECTION 'host=/nonexistent' PUBLICATION p WITH (connect = false)",
                    database: elephants
                )
                // In a database without an encoding any byte may be a part of a name.
                try await subscriber.execute("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
                let creation = "CREATE SUBSCRIPTION %I CONNECTION ''host=/nonexistent'' PUBLICATION p WITH (connect = false)"
                try await subscriber.execute("SELECT format('\(creation)', 'caf' || chr(233)) \\gexec", database: "bytes")

                // Escaped once for the configuration file and once for the connection string. The server writes the elephant as hexadecimal.
                let standby = try await PostgresServer.standby(of: publisher, applicationName: #"'it\\'s "quoted" \\\\ 🐘'"#)
                let exporter = try await Exporter(targets: [("p", publisher.conninfo()), ("s", subscriber.conninfo()), ("r", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "all is up") { try $0.value("pgwal_receiver_up") == 1 }
                    #expect(try page.value("pgwal_subscription_enabled", ["subscription": Self.hostile]) == 0)
                    #expect(try page.value("pgwal_subscription_enabled", ["database": elephants]) == 0)

                    #expect(try page.value("pgwal_subscription_enabled", ["subscription": #"caf\xE9"#]) == 0)
                    let walsender = ["application_name": #"it's "quoted" \ \xf0\x9f\x90\x98"#]
                    #expect(try page.value("pgwal_walsender_connections", walsender) == 1, "\(page.all("pgwal_walsender_connections"))")

                    // The same bytes again as a file that is served as the classic format, since Prometheus asks us for OpenMetrics.
                    let folder = try TemporaryRoot.makeDirectory("page")
                    let classic = try await ClassicPage(page.text, in: folder)
                    let prometheus = try await Prometheus(scraping: ["open": exporter.port, "classic": classic.port], in: folder)
                    try await waitUntil("both formats are scraped") { try await prometheus.query("count(up == 1)") == ["2"] }
                    for job in ["open", "classic"] {
                        #expect(try await prometheus.query("count(pgwal_up{job=\"\(job)\"} == 1)") == ["3"])
                        #expect(try await prometheus.query("count(pgwal_subscription_enabled{job=\"\(job)\", database=\"\(elephants)\"})") == ["1"])
                        #expect(
                            try await prometheus.query("count(pgwal_subscription_enabled{job=\"\(job)\", subscription=~\"(?s)q.*line.*🐘\"})") == ["1"]
                        )
                        #expect(try await prometheus.query("count(pgwal_wal_written_bytes_total{job=\"\(job)\"})") == ["2"])
                        #expect(try await prometheus.query("count(pgwal_target_info{job=\"\(job)\"})") == ["3"])
                    }
                    await prometheus.stop()
                    await classic.stop()
                }
            }
        }
    }
}

/// Serves fixed bytes as the classic text format.
private struct ClassicPage {
    private let process: ChildProcess
    private let reservation: PortReservation

    var port: Int { reservation.port }

    init(_ text: String, in folder: String) async throws {
        let page = try Exporter.file(text)
        let program = try Exporter.file(
            """
            import http.server, sys
            page = open(sys.argv[1], "rb").read()
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    self.end_headers()
                    self.wfile.write(page)
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
            """
        )
        let reservation = try PortReservation()
        self.reservation = reservation
        process = try ChildProcess("python3", [program, page, "\(reservation.port)"])
        try await waitUntil("the page is served") { try await HTTP.get("http://127.0.0.1:\(reservation.port)/metrics").status == 200 }
    }

    func stop() async {
        await process.terminate()
    }
}
