import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// A primary hangs, and its standby takes over.
    @Suite(.serialized)
    struct HungPrimaryTests {
        private static let password = "hung-secret"
        private static let wrong: Set = ["two_primaries", "split_brain_unresolved"]

        @Test(
            "what is known of a primary that hangs is of before: it and its successor are not two primaries, though the exporter's clock is set meanwhile",
            arguments: PostgresInstallation.among(18),
            [3_600, -3_600]
        )
        func failover(_ major: Int, step: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
                let standby = try await PostgresServer.standby(of: primary, name: "b", slot: "b")
                let clock = try Exporter.file("+0\n")
                var environment = try environment(ofClockWrongBy: 0)
                environment["FAKETIME"] = nil
                environment["FAKETIME_TIMESTAMP_FILE"] = clock
                environment["FAKETIME_CACHE_DURATION"] = "1"
                let targets = [("a", primary), ("b", standby)].map { ($0.0, $0.1.conninfo(password: Self.password, over: .tcp)) }
                let configuration = try Exporter.file(Exporter.configuration(targets, collection: "timeout: 60s"))
                // By a shell: the first process that libfaketime is loaded into makes what the others share, and Swift's loses its arguments by that.
                let exporter = try await Exporter(["--config.file", configuration], environment: environment, shell: ":")
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.topology(until: "both are well") { $0.servers.allSatisfy { $0.up } && $0.servers.count == 2 }
                    let begin = try await exporter.wallClock
                    primary.freeze()
                    defer { primary.thaw() }
                    try await standby.promote()
                    var sawSuccessor = 0
                    for round in 0..<14 {
                        if round == 4 { try Exporter.replace(clock, with: "\(step > 0 ? "+" : "")\(step)s\n") }
                        // As long as the collection of the one that hangs goes on, what is known of it is told.
                        let page = try await exporter.page("/metrics", within: 0.3)
                        if try page.value("pgwal_in_recovery", ["target": "b"]) == 0 { sawSuccessor += 1 }
                        #expect(try page.value("pgwal_collection_pending", ["target": "a"]) == 1)
                        let found = try await exporter.topology(within: 0.3)
                        #expect(Set(found.findings.map(\.code)).isDisjoint(with: Self.wrong), "round \(round): \(found.findings.map(\.summary))")
                    }
                    #expect(sawSuccessor > 9)
                    #expect(abs(try await exporter.wallClock - begin - Double(step)) < 600, "the clock was set")
                }
            }
        }
    }
}

extension Exporter {
    /// What the exporter takes for the time.
    fileprivate var wallClock: Double {
        get async throws {
            try TopologyAnswer(try await HTTP.get(url + "/api/v1/topology", ["--header", "X-Prometheus-Scrape-Timeout-Seconds: 0.3"]).body)
                .generatedAt
        }
    }

    fileprivate func page(_ path: String, within seconds: Double) async throws -> Page {
        try Page(try await HTTP.get(url + path, ["--header", "X-Prometheus-Scrape-Timeout-Seconds: \(seconds)"]).body)
    }

    fileprivate func topology(within seconds: Double) async throws -> TopologyAnswer {
        try TopologyAnswer(
            try await HTTP.get(url + "/api/v1/topology", ["--header", "X-Prometheus-Scrape-Timeout-Seconds: \(seconds)"]).body
        )
    }
}
