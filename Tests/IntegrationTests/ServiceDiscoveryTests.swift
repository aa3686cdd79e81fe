import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct ServiceDiscoveryTests {
        /// A configuration of docs/service-discovery.md with quick intervals and this address.
        private func documented(containing text: String, _ addresses: KeyValuePairs<String, String>) throws -> String {
            let global = "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
            return try global + Documentation.block(of: "service-discovery.md", "yaml", containing: text).substituting(addresses)
        }

        @Test("a real Prometheus finds every target at /sd, scrapes each at /probe, and follows when the labels change")
        func discovery() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 15)
                let standby = try await PostgresServer.standby(of: primary)
                let system = try await primary.systemIdentifier()
                let configuration = """
                    targets:
                      - {name: p, dsn: "\(primary.conninfo())", labels: {site: dc1}}
                      - {name: "s/1 &2", dsn: "\(standby.conninfo())", labels: {site: dc2}}
                      - {name: nowhere, dsn: "host=127.0.0.1 port=9"}
                    """
                let exporter = try await Exporter(["--config.file", Exporter.file(configuration)])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it streams") { try $0.value("pgwal_receiver_up") == 1 }
                    let answer = try await HTTP.get(exporter.url + "/sd")
                    #expect(answer.headers["content-type"] == "application/json; charset=utf-8", "Prometheus takes no other")

                    let folder = try TemporaryRoot.makeDirectory("sd")
                    // As documented, and a job that makes a label of each meta label.
                    let all = """
                          - job_name: meta
                            http_sd_configs: [{url: "\(exporter.url)/sd", refresh_interval: 1s}]
                            relabel_configs: [{action: labelmap, regex: __meta_pgwal_(.+), replacement: meta_$1}]

                        """
                    let text = try documented(
                        containing: "pgwal_exporter",
                        ["10.77.9.1:10195": "127.0.0.1:\(exporter.port)", "refresh_interval: 30s": "refresh_interval: 1s"]
                    )
                    let prometheus = try await Prometheus(configuration: text + all, in: folder)
                    _ = try await poll("all targets are scraped") {
                        try await prometheus.query("sort(count by (job) (up == 1))")
                    } until: {
                        $0 == ["1", "3", "3"]
                    }
                    for (query, value) in [
                        (#"pgwal_up{job="pgwal", target="p", instance="p", site="dc1"}"#, "1"),
                        (#"pgwal_up{job="pgwal", target="s/1 &2", instance="s/1 &2", site="dc2"}"#, "1"),
                        (#"pgwal_up{job="pgwal", target="nowhere", instance="nowhere", site=""}"#, "0"),
                        (#"count(pgwal_in_recovery{job="pgwal"} == 1)"#, "1"),
                        (#"count(pgwal_exporter_build_info)"#, "1"),
                        (#"pgwal_up{job="meta", target="p", meta_target="p", meta_role="primary", meta_label_site="dc1"}"#, "1"),
                        (#"pgwal_up{job="meta", target="s/1 &2", meta_role="standby", meta_label_site="dc2"}"#, "1"),
                        (#"pgwal_up{job="meta", target="nowhere", meta_role="unknown", meta_address="127.0.0.1:9"}"#, "0"),
                        (#"count(pgwal_up{job="meta", meta_system_identifier="\#(system)"})"#, "2"),
                        (#"count(pgwal_up{job="meta", instance="127.0.0.1:\#(exporter.port)"})"#, "3"),
                    ] {
                        #expect(try await prometheus.query(query) == [value], "\(query)")
                    }
                    #expect(try await prometheus.query(#"pgwal_up{job="pgwal_exporter"}"#).isEmpty, "the targets come once")
                    #expect(try await prometheus.query(#"up{job="pgwal", instance!~"p|s/1 &2|nowhere"}"#).isEmpty)

                    try await primary.stop()
                    try await standby.promote()
                    try await waitUntil("the promotion is seen in the labels") {
                        let promoted = try await prometheus.query(#"pgwal_up{meta_role="primary", meta_target="s/1 &2"}"#)
                        let stopped = try await prometheus.query(#"pgwal_up{meta_role="unknown", meta_target="p"}"#)
                        return promoted == ["1"] && stopped == ["0"]
                    }
                    await prometheus.stop()
                }
            }
        }

        @Test("with hashmod several Prometheus servers share the targets, each one once")
        func shards() async throws {
            try await withServers {
                let targets = (1...9).map { (name: "target-\($0)", conninfo: "host=127.0.0.1 port=9") }
                let exporter = try await Exporter(targets: targets)
                try await withExporter(exporter) { exporter in
                    var servers: [Prometheus] = []
                    for shard in 0..<3 {
                        let text = try documented(
                            containing: "hashmod",
                            ["10.77.9.1:10195": "127.0.0.1:\(exporter.port)", "regex: 1\n": "regex: \(shard)\n"]
                        )
                        servers.append(try await Prometheus(configuration: text, in: TemporaryRoot.makeDirectory("shard")))
                    }
                    var shares: [Int] = []
                    try await waitUntil("all are scraped") {
                        shares = []
                        for server in servers { shares.append(try await server.query("pgwal_up").count) }
                        return shares.reduce(0, +) >= targets.count
                    }
                    #expect(shares.reduce(0, +) == targets.count)
                    #expect(shares.allSatisfy { $0 > 0 }, "\(shares): hashes are the same everywhere")
                    for server in servers { await server.stop() }
                }
            }
        }
    }
}
