import Foundation
import PostgresTestSupport
import Testing
import TimeSupport

extension IntegrationTests {
    @Suite(.serialized)
    struct MemoryTests {
        /// The answer of `/api/v1/events`.
        private struct Events: Decodable {
            struct Event: Decodable {
                var time: Double
                var kind: String
                var target: String?
                var subject: String?
                var before: String?
                var after: String?
                var text: String
            }

            var version: Int
            var events: [Event]

            init(_ exporter: Exporter, _ query: String = "") async throws {
                let answer = try await HTTP.get(exporter.url + "/api/v1/events" + query)
                guard answer.status == 200 else { throw SupportFailure("\(answer.status) \(answer.body)") }
                self = try JSONDecoder().decode(Self.self, from: Data(answer.body.utf8))
            }

            var kinds: [String] { events.map { [$0.kind, $0.target, $0.subject].compactMap(\.self).joined(separator: " ") } }
        }

        private func targets(_ targets: [(String, PostgresServer)]) throws -> String {
            try Exporter.file(Exporter.configuration(targets.map { ($0.0, $0.1.conninfo()) }))
        }

        @Test("what was proven, what was lost, ages and events are there at once after a restart", arguments: PostgresInstallation.among(13, 18))
        func restart(_ major: Int) async throws {
            try await withServers {
                let former = try await PostgresServer.primary(
                    version: major,
                    settings: ["max_slot_wal_keep_size": "16MB", "max_wal_size": "32MB", "min_wal_size": "32MB", "wal_keep_size": "32MB"]
                )
                let survivor = try await PostgresServer.standby(of: former)
                try await survivor.waitUntilReplayed(former)
                try await former.createPhysicalSlot("dead")
                try await former.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let file = try targets([("a", former), ("b", survivor)])
                let state = TemporaryRoot.uniquePath("state")
                let arguments = ["--config.file", file, "--state.file", state]
                let before = try await withExporter(try await Exporter(arguments)) { exporter in
                    #expect(try await exporter.page().value("pgwal_state_loaded") == 0, "there was none")
                    for _ in 0..<6 { try await former.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
                    try await former.execute("CHECKPOINT")
                    _ = try await exporter.page(until: "the slot is lost") {
                        try $0.value("pgwal_slot_lost_timestamp_seconds", ["target": "a"]) != nil
                    }
                    try await survivor.promote()
                    _ = try await exporter.topology(until: "two primaries") { $0.codes().contains("two_primaries a") }
                    _ = try await exporter.topology(until: "again") { $0.codes().contains("two_primaries a") }
                    try await former.stop()
                    _ = try await exporter.page(until: "it is seen to be down") { try $0.value("pgwal_up", ["target": "a"]) == 0 }
                    try former.follow(survivor)
                    try await former.start()
                    let found = try await exporter.topology(until: "the split is remembered") { $0.codes().contains("split_brain_unresolved a") }
                    return (
                        found: try found.finding("split_brain_unresolved"), lost: try await exporter.page().value("pgwal_slot_lost_timestamp_seconds")
                    )
                }

                // Stopped: all is kept. Killed later on: what was kept is not lost.
                let second = try await Exporter(arguments)
                let kinds = try await withExporter(second) { exporter in
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_state_loaded") == 1)
                    #expect(try page.value("pgwal_slot_lost_timestamp_seconds") == before.lost)
                    let topology = try await exporter.topology(until: "one look") { _ in true }
                    let finding = try topology.finding("split_brain_unresolved")
                    #expect(finding.target == "a")
                    #expect(finding.evidence.first?.value == before.found.evidence.first?.value, "seen from")
                    _ = try await exporter.page(until: "it is written again") { try $0.value("pgwal_state_last_write_timestamp_seconds") != nil }
                    let events = try await Events(exporter)
                    let told = try await Events(exporter, "?target=a&kind=slot_lost&limit=1")
                    #expect(told.kinds == ["slot_lost a dead"])
                    #expect(events.version == 1)
                    exporter.process.send(signal: SIGKILL)
                    _ = try await exporter.process.waitForExit()
                    return events.kinds
                }
                for expected in ["slot_lost a dead", "role_changed b", "timeline_changed b", "target_down a", "target_up a", "role_changed a"] {
                    #expect(kinds.contains(expected), "\(expected) in \(kinds)")
                }
                #expect(kinds.filter { $0 == "exporter_started" }.count == 2)
                #expect(kinds.filter { $0 == "exporter_stopped" }.count == 1)
                let order = ["slot_lost a dead", "role_changed b", "role_changed a"].compactMap { kinds.firstIndex(of: $0) }
                #expect(order == order.sorted())

                try await withExporter(try await Exporter(arguments)) { exporter in
                    _ = try await exporter.page()
                    let topology = try await exporter.topology(until: "one look") { _ in true }
                    #expect(try topology.finding("split_brain_unresolved").target == "a")
                    #expect(try await Events(exporter).kinds.filter { $0 == "slot_lost a dead" }.count == 1)
                }
            }
        }

        @Test("after a restart an age is what it was, though pg_wal tells nothing of it", arguments: PostgresInstallation.among(15))
        func ages(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.createPhysicalSlot("s")
                try await primary.execute("SELECT pg_drop_replication_slot('s'); SELECT pg_create_physical_replication_slot('s', true)")
                try await primary.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let arguments = ["--config.file", try targets([("p", primary)]), "--state.file", TemporaryRoot.uniquePath("state")]
                let (age, at) = try await withExporter(try await Exporter(arguments)) { exporter in
                    _ = try await exporter.page()
                    try await Task.sleep(for: .seconds(12))
                    try await primary.execute("INSERT INTO filler SELECT generate_series(1, 1000)")
                    let page = try await exporter.page(until: "it has an age") { try $0.value("pgwal_slot_retained_age_seconds") ?? 0 > 0 }
                    return (try #require(try page.value("pgwal_slot_retained_age_seconds")), ContinuousClock.now)
                }
                try await withExporter(try await Exporter(arguments)) { exporter in
                    let page = try await exporter.page()
                    let now = try #require(try page.value("pgwal_slot_retained_age_seconds"))
                    let expected = age + (ContinuousClock.now - at) / .seconds(1)
                    #expect(abs(now - expected) <= 11, "\(now) instead of \(expected)")
                    #expect(try page.value("pgwal_events_total", ["kind": "exporter_started"]) == 2)
                }
            }
        }

        @Test("a disk that hangs costs the memory: no scrape, and a stop no more than a moment", arguments: PostgresInstallation.among(17))
        func stuckDisk(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let state = TemporaryRoot.uniquePath("state")
                // Opened for writing, it waits for a reader for ever.
                #expect(mkfifo(state + ".new", 0o600) == 0)
                let exporter = try await Exporter(["--config.file", try targets([("p", primary)]), "--state.file", state])
                try await withExporter(exporter) { exporter in
                    try await Task.sleep(for: .seconds(6))
                    let begin = Stopwatch()
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up") == 1)
                    #expect(begin.elapsed < .seconds(3))
                    #expect(try page.value("pgwal_state_last_write_timestamp_seconds") == nil)
                    let stop = Stopwatch()
                    exporter.process.send(signal: SIGTERM)
                    #expect(try await exporter.process.waitForExit(timeout: .seconds(10)) == .code(0))
                    #expect(stop.elapsed < .seconds(6))
                    #expect(exporter.process.output.contains("the writing before has not ended"))
                }
            }
        }

        @Test("a state file that cannot be used costs the memory and nothing else, and is told", arguments: PostgresInstallation.among(16))
        func unusable(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let configuration = try targets([("p", primary)])
                for (name, content) in [
                    ("foreign", "targets: []\n"), ("newer", "pgwal_exporter state 99\n"), ("broken", "pgwal_exporter state 1\nx"),
                ] {
                    let state = try Exporter.file(content)
                    try await withExporter(try await Exporter(["--config.file", configuration, "--state.file", state])) { exporter in
                        let page = try await exporter.page()
                        #expect(try page.value("pgwal_up") == 1)
                        #expect(try page.value("pgwal_state_loaded") == 0)
                        #expect(exporter.process.output.contains("the state file is not whole"), "\(name)")
                        let isForeign = name == "foreign"
                        #expect(FileManager.default.fileExists(atPath: state + ".aside") == !isForeign)
                        #expect(FileManager.default.fileExists(atPath: state) == isForeign)
                    }
                    let left = try String(contentsOf: URL(filePath: name == "foreign" ? state : state + ".aside"), encoding: .utf8)
                    #expect(left == content, "kept as it was")
                }
                let nowhere = ["--config.file", configuration, "--state.file", TemporaryRoot.uniquePath("missing") + "/state"]
                try await withExporter(try await Exporter(nowhere)) { exporter in
                    let page = try await exporter.page(until: "it is counted") { try $0.value("pgwal_state_write_errors_total") ?? 0 > 0 }
                    #expect(try page.value("pgwal_state_last_write_timestamp_seconds") == nil)
                    #expect(exporter.process.output.contains("the state file cannot be written"))
                }
            }
        }
    }
}
