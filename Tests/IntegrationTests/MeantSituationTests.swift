import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// What looks like a fault, and is meant: clones, silenced findings, a standby that has just been started.
    @Suite(.serialized)
    struct MeantSituationTests {
        private static let password = "meant-secret"

        private func entry(_ name: String, _ server: PostgresServer, _ expect: String = "") -> String {
            "  - {name: \(name), dsn: \"\(server.conninfo(password: Self.password, over: .tcp))\", expect: {\(expect)}}\n"
        }

        private func primary(_ major: Int) async throws -> PostgresServer {
            let primary = try await PostgresServer.primary(version: major, settings: ["wal_log_hints": "on", "wal_keep_size": "1GB"])
            try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
            return primary
        }

        @Test(
            "a clone among the targets is suspected to be one, and said to be one it is of no family; a promotion that was seen is no clone",
            arguments: PostgresInstallation.among(13, 18)
        )
        func clone(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let standby = try await PostgresServer.standby(of: primary)
                try await standby.waitUntilReplayed(primary)
                let clone = try await PostgresServer.clone(of: primary)
                let servers = entry("p", primary) + entry("s", standby)
                let file = try Exporter.file("targets:\n\(servers)\(entry("staging", clone))")
                let exporter = try await Exporter(["--config.file", file])
                try await withExporter(exporter) { exporter in
                    let found = try await exporter.topology(until: "two primaries") { $0.findings.contains { $0.code == "two_primaries" } }
                    let finding = try found.finding("two_primaries")
                    #expect(finding.confidence == "suspected")
                    #expect(finding.evidence.contains { $0.name == "staging may be a copy" && $0.value.contains("1 standbys stream from p") })
                    #expect(finding.cures.contains { $0.text.contains("expect: {detached: true}") })
                    #expect(!found.findings.contains { $0.code.hasPrefix("failback") }, "nothing is to be wiped before it is decided whose data live")
                    let page = try await exporter.page()
                    let labels = ["code": "two_primaries", "severity": "critical", "confidence": "suspected"]
                    #expect(try page.value("pgwal_finding", labels) == 1)

                    try Data("targets:\n\(servers)\(entry("staging", clone, "detached: true"))".utf8).write(to: URL(filePath: file))
                    exporter.process.send(signal: SIGHUP)
                    try await exporter.topology(untilFound: [])
                    let identifier = try await clone.systemIdentifier()
                    _ = try await exporter.page(until: "it is of a family of its own") { page in
                        page.all("pgwal_target_info", ["system_identifier": "\(identifier)@staging"]).count == 1
                    }

                    // It is seen as a standby, then as a primary beside the other one.
                    try await standby.promote()
                    let split = try await exporter.topology(until: "two primaries") { $0.findings.contains { $0.code == "two_primaries" } }
                    #expect(try split.finding("two_primaries").confidence == "proven")
                    #expect(try split.finding("two_primaries").target == "p")
                    #expect(split.findings.first?.code == "two_primaries", "what has to be decided first stands first")
                    #expect(!split.findings.contains { $0.code.hasPrefix("failback") })
                    #expect(!split.findings.contains { $0.cures.contains { $0.effect == "destructive" } })
                    // Now it is decided.
                    try await primary.stop()
                    let decided = try await exporter.topology(untilFound: ["target_down p", "failback p"])
                    #expect(try decided.finding("failback").cures.filter { $0.kind == "sql" }.map(\.target) == ["s"])
                }
            }
        }

        @Test(
            "a silenced finding is a series of its own, shown with its reason, and comes back when the silence has ended",
            arguments: PostgresInstallation.among(18)
        )
        func silence(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                try await primary.createPhysicalSlot("reserve")
                let silences = """
                    silence:
                      - {finding: slot_inactive, target: p, slot: reserve, until: 9999-12-31, reason: kept on purpose}
                      - {finding: slot_lost, until: 2001-01-01, reason: long ago}

                    """
                let file = try Exporter.file("targets:\n\(entry("p", primary))\(silences)")
                let exporter = try await Exporter(["--config.file", file])
                try await withExporter(exporter) { exporter in
                    let found = try await exporter.topology(until: "it is silenced") { try $0.finding("slot_inactive").silenced != nil }
                    #expect(try found.finding("slot_inactive").silenced?.reason == "kept on purpose")
                    #expect(found.silences.map(\.ended) == [false, true])
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_finding_silenced", ["code": "slot_inactive"]) == 1)
                    #expect(page.all("pgwal_finding", ["code": "slot_inactive"]).isEmpty)
                    let html = try await HTTP.get(exporter.url + "/").body
                    #expect(html.contains("kept on purpose") && html.contains("The silence of slot_lost ended 2001-01-02T00:00:00Z: long ago"))
                    try Data("targets:\n\(entry("p", primary))".utf8).write(to: URL(filePath: file))
                    exporter.process.send(signal: SIGHUP)
                    let again = try await exporter.topology(until: "nobody silences it") { try $0.finding("slot_inactive").silenced == nil }
                    #expect(again.silences.isEmpty)
                    #expect(try await exporter.page().all("pgwal_finding", ["code": "slot_inactive"]).count == 1)
                }
            }
        }

        @Test("a standby that has just started gets the time to begin before it is said not to stream", arguments: PostgresInstallation.among(18))
        func justStarted(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let standby = try await PostgresServer.standby(of: primary)
                try await standby.waitUntilReplayed(primary)
                let exporter = try await Exporter(["--config.file", Exporter.file("targets:\n\(entry("p", primary))\(entry("s", standby))")])
                try await withExporter(exporter) { exporter in
                    try await exporter.topology(untilFound: [])
                    try await standby.stop()
                    // Somebody, as Patroni does, makes the slot later.
                    try standby.configure(["primary_slot_name": "late"])
                    try await standby.start()
                    let start = try #require(Double(try await standby.psql("SELECT extract(epoch FROM pg_postmaster_start_time())")))
                    let early = try await exporter.topology(until: "it is up") { $0.servers.contains { $0.target == "s" && $0.up } }
                    if early.generatedAt - start < 10 { #expect(early.codes() == []) }
                    let late = try await exporter.topology(until: "it has had its time") { $0.codes().contains("standby_not_streaming s") }
                    #expect(late.generatedAt - start >= 14.9)
                    #expect(late.codes() == ["standby_not_streaming s", "slot_missing_at_upstream p"])
                    #expect(try late.finding("slot_missing_at_upstream").confidence == "proven")
                    for statement in try late.finding("slot_missing_at_upstream").sql { try await primary.execute(statement) }
                    try await exporter.topology(untilFound: [])
                }
            }
        }
    }
}
