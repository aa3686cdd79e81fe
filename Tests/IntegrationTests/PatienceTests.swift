import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// A caller's timeout says how long that caller waits, and nothing else.
    @Suite(.serialized)
    struct PatienceTests {
        private static let hasty = ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 0.001"]

        @Test("who has no time costs nobody else anything, and hears what is known; before the first answer that is neither up nor down")
        func impatience() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                try await server.createMonitoringRole()
                // So slow that the first collection is still under way when it is asked for.
                let relay = try TCPRelay(to: server.port, roundTrip: .seconds(3))
                let conninfo =
                    "host=127.0.0.1 port=\(relay.port) dbname=postgres user=monitor password=\(PostgresServer.monitoringPassword)"
                let exporter = try await Exporter(targets: [("p", conninfo)], collection: "timeout: 60s")
                try await withExporter(exporter) { exporter in
                    for path in ["/metrics", "/probe?target=p"] {
                        let page = try Page(try await HTTP.get(exporter.url + path, Self.hasty).body)
                        #expect(try page.value("pgwal_up") == nil, "\(path)")
                        #expect(try page.value("pgwal_collection_pending") == 1)
                    }
                    let topology = try await HTTP.get(exporter.url + "/api/v1/topology", Self.hasty).body
                    #expect(topology.contains("\"reason\":\"no answer within") && !topology.contains("\"up\":"), "\(topology)")
                    let role = try await HTTP.get(exporter.url + "/role/primary")
                    #expect(role.status == 503)
                    #expect(role.body == "p unknown: no answer within 1500 ms\n")

                    relay.set(roundTrip: .milliseconds(60))
                    _ = try await exporter.page(until: "it is up", timeout: .seconds(60)) { try $0.value("pgwal_up") == 1 }
                    for _ in 0..<10 {
                        async let patient = exporter.page()
                        for path in ["/metrics", "/probe?target=p", "/api/v1/topology"] {
                            let answer = try await HTTP.get(exporter.url + path, Self.hasty)
                            #expect(answer.status == 200)
                            if path != "/api/v1/topology" { #expect(try Page(answer.body).value("pgwal_up") == 1, "\(path)") }
                        }
                        let page = try await patient
                        #expect(try page.value("pgwal_up") == 1)
                        #expect(try page.value("pgwal_collection_pending") == 0)
                        #expect(try page.value("pgwal_connects_total") == 1)
                        #expect(try await HTTP.get(exporter.url + "/role/primary").status == 200)
                    }
                }
            }
        }

        @Test("a timeout shorter than the round trip works from the second scrape on: each page has the collection before")
        func shorterThanTheRoundTrip() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 18)
                try await server.createMonitoringRole()
                let relay = try TCPRelay(to: server.port, roundTrip: .milliseconds(60))
                let conninfo =
                    "host=127.0.0.1 port=\(relay.port) dbname=postgres user=monitor password=\(PostgresServer.monitoringPassword)"
                let exporter = try await Exporter(targets: [("p", conninfo)])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    var collected: Set<Double> = []
                    for _ in 0..<10 {
                        let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 0.1"])
                        let page = try Page(answer.body)
                        #expect(try page.value("pgwal_up") == 1)
                        if let at = try page.value("pgwal_collected_timestamp_seconds") { collected.insert(at) }
                        #expect(try page.value("pgwal_connects_total") == 1)
                        try await Task.sleep(for: .milliseconds(150))
                    }
                    #expect(collected.count >= 3, "the collections go on, and the next scrape has them: \(collected)")
                }
            }
        }
    }
}
