import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct FindingTests {
        private static let password = "finding-secret"

        private func configuration(_ targets: [(name: String, server: PostgresServer, expect: String)]) throws -> [String] {
            let entries = targets.map { name, server, expect in
                // Over TCP, as the standbys know each other.
                "  - {name: \(name), dsn: \"\(server.conninfo(password: Self.password, over: .tcp))\", expect: {\(expect)}}\n"
            }
            return ["--config.file", try Exporter.file("targets:\n" + entries.joined())]
        }

        private func primary(_ major: Int, settings: [String: String] = [:]) async throws -> PostgresServer {
            let primary = try await PostgresServer.primary(version: major, settings: settings)
            try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
            return primary
        }

        @Test(
            "a missing slot, a paused replay, an idle slot: found where the fault is, and gone when the printed cure was run",
            arguments: PostgresInstallation.among(13, 18)
        )
        func curesOfReplication(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let standby = try await PostgresServer.standby(of: primary, slot: "needed")
                try await standby.waitUntilReplayed(primary)
                let expect = "slots: [{name: needed, type: physical}], standbys: [{application_name: standby}]"
                let exporter = try await Exporter(configuration([("p", primary, expect), ("s", standby, "")]))
                try await withExporter(exporter) { exporter in
                    // Of a standby that has just started nothing is found either: that it streams is known by its upstream's first message.
                    let well = try await exporter.topology(until: "it streams, and nothing is found") { topology in
                        topology.codes().isEmpty && topology.servers.count == 2 && topology.servers[1].streaming == true
                    }
                    #expect(well.version == 1)
                    #expect(well.edges.map { [$0.sender, $0.receiver, $0.slot, $0.state] } == [["p", "s", "needed", "streaming"]])
                    let servers = well.servers
                    #expect(servers.map(\.target) == ["p", "s"])
                    #expect(servers.map(\.role) == ["primary", "standby"])
                    #expect(servers[1].upstream == .init(address: "127.0.0.1:\(primary.port)", slot: "needed"))

                    // The walsender is in the way until it is ended, and comes back at once.
                    try await waitUntil("the slot is dropped") {
                        try await primary.execute(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active; SELECT pg_drop_replication_slot('needed')"
                        )
                        return true
                    }
                    let missing = try await exporter.topology(untilFound: [
                        "slot_missing p", "slot_missing_at_upstream p", "standby_missing p", "standby_not_streaming s",
                    ])
                    let atUpstream = try missing.finding("slot_missing_at_upstream")
                    #expect([atUpstream.slot, atUpstream.standby, atUpstream.upstream] == ["needed", "s", "p"])
                    #expect(atUpstream.severity == "critical")
                    let notStreaming = try missing.finding("standby_not_streaming")
                    #expect([notStreaming.slot, notStreaming.standby, notStreaming.upstream] == ["needed", "s", "p"])
                    // As it should be; but for the moments in which the standby tries, and is there without it.
                    _ = try await exporter.topology(until: "the edge is what should be there") { topology in
                        topology.edges.map { [$0.sender, $0.receiver, $0.slot] } == [["p", "s", "needed"]]
                    }
                    #expect(missing.servers[1].streaming == false)
                    let page = try await HTTP.get(exporter.url + "/")
                    #expect(page.body.contains("slot_missing_at_upstream"))
                    for statement in try missing.finding("slot_missing").sql { try await primary.execute(statement) }
                    try await exporter.topology(untilFound: [])

                    try await standby.execute("SELECT pg_wal_replay_pause()")
                    let paused = try await exporter.topology(untilFound: ["replay_paused s"])
                    for statement in try paused.finding("replay_paused").sql { try await standby.execute(statement) }
                    try await exporter.topology(untilFound: [])

                    try await primary.createPhysicalSlot("forgotten")
                    let idle = try await exporter.topology(untilFound: ["slot_inactive p"]).finding("slot_inactive")
                    #expect(idle.slot == "forgotten")
                    for statement in idle.sql { try await primary.execute(statement) }
                    try await exporter.topology(untilFound: [])

                    try await standby.stop()
                    let down = try await exporter.topology(untilFound: ["slot_inactive p", "standby_missing p", "target_down s"])
                    #expect(try down.finding("slot_inactive").slot == "needed")
                    #expect(down.servers.map(\.up) == [true, false])
                    try await standby.start()
                    try await exporter.topology(untilFound: [])

                    // Nothing but the upstream is wrong, and nothing is known of its slots.
                    try await primary.stop()
                    try await exporter.topology(untilFound: ["target_down p", "standby_not_streaming s"])
                    try await primary.start()
                    try await exporter.topology(untilFound: [])
                }
            }
        }

        @Test(
            "two primaries: the older one is named, until it is gone; a role that is not the expected one",
            arguments: PostgresInstallation.among(13, 18)
        )
        func twoPrimaries(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major, settings: ["wal_log_hints": "on", "wal_keep_size": "1GB"])
                let standby = try await PostgresServer.standby(of: primary)
                try await standby.waitUntilReplayed(primary)
                let other = try await PostgresServer.primary(version: major, name: "other")
                try await other.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
                let exporter = try await Exporter(
                    configuration([("a", primary, ""), ("b", standby, ""), ("other", other, "role: primary"), ("vip", standby, "role: primary")])
                )
                try await withExporter(exporter) { exporter in
                    let well = try await exporter.topology(untilFound: ["role_mismatch vip"])
                    #expect(well.servers.map(\.targets) == [["a"], ["b", "vip"], ["other"]])
                    try await standby.promote()
                    let split = try await exporter.topology(untilFound: ["two_primaries a"])
                    let finding = try split.finding("two_primaries")
                    #expect(finding.confidence == "proven", "it was seen as a standby before")
                    #expect(finding.upstream == "b")
                    #expect(finding.severity == "critical")
                    #expect(split.servers.prefix(2).map(\.timeline) == [1, 2])
                    #expect(split.servers.map(\.role) == ["primary", "primary", "primary"], "that of another system is none of them")
                    #expect(split.edges.isEmpty)
                    try await primary.stop()
                    try await exporter.topology(untilFound: ["target_down a", "failback a"])
                    try await primary.start()
                    try await exporter.topology(untilFound: ["two_primaries a"])
                }
            }
        }

        @Test("a cascade: the slot of the same name on another server is not the one that is needed", arguments: PostgresInstallation.among(13, 18))
        func cascade(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let relay = try await PostgresServer.standby(of: primary, name: "relay", slot: "relay_slot")
                let leaf = try await PostgresServer.standby(of: relay, name: "leaf", slot: "leaf_slot")
                try await primary.createPhysicalSlot("leaf_slot")
                try await leaf.waitUntilReplayed(primary)
                let exporter = try await Exporter(
                    configuration([("p", primary, ""), ("r", relay, "slots: [{name: leaf_slot, on: standby}]"), ("l", leaf, "")])
                )
                let fault: Set = ["slot_inactive p", "slot_missing r", "slot_missing_at_upstream r", "standby_not_streaming l"]
                try await withExporter(exporter) { exporter in
                    let well = try await exporter.topology(untilFound: ["slot_inactive p"])
                    let edges = Set(well.edges.map { [$0.sender, $0.receiver, $0.slot] })
                    #expect(edges == [["p", "r", "relay_slot"], ["r", "l", "leaf_slot"]])

                    try await waitUntil("the slot of the relay is dropped") {
                        try await relay.execute(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active; SELECT pg_drop_replication_slot('leaf_slot')"
                        )
                        return true
                    }
                    let missing = try await exporter.topology(untilFound: fault)
                    let finding = try missing.finding("slot_missing_at_upstream")
                    #expect([finding.slot, finding.standby, finding.upstream] == ["leaf_slot", "l", "r"])
                    #expect(try missing.finding("standby_not_streaming").upstream == "r")

                    // While the relay is down its slots are not known, and the primary's are none of the leaf's.
                    try await relay.stop()
                    try await exporter.topology(untilFound: ["slot_inactive p", "standby_not_streaming l", "target_down r"])
                    try await relay.start()
                    let again = try await exporter.topology(untilFound: fault)
                    for statement in try again.finding("slot_missing_at_upstream").sql { try await relay.execute(statement) }
                    try await exporter.topology(untilFound: ["slot_inactive p"])
                }
            }
        }
    }
}
