import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct ExpectationTests {
        @Test("expected slots and standbys follow what there is, and the role of the server", arguments: PostgresInstallation.among(13, 15, 18))
        func slotsAndStandbys(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, name: "follower")
                let configuration = """
                    targets:
                      - name: p
                        dsn: "\(primary.conninfo())"
                        expect:
                          role: primary
                          slots: [{name: needed, type: physical}]
                          standbys: [{application_name: follower}]
                      - name: s
                        dsn: "\(standby.conninfo())"
                        expect:
                          slots: [{name: needed}, {name: both, on: any}, {name: relay, on: standby}]
                          standbys: [{application_name: follower}]
                      - name: vip
                        dsn: "\(standby.conninfo())"
                        expect: {role: primary}
                    """
                let exporter = try await Exporter(["--config.file", Exporter.file(configuration)])
                let slot = { (page: Page, target: String, name: String) in
                    try page.value("pgwal_slot_missing", ["target": target, "slot_name": name, "source": "config"])
                }
                let follower = { (page: Page, target: String) in
                    try page.value("pgwal_standby_missing", ["target": target, "application_name": "follower", "source": "config"])
                }
                try await withExporter(exporter) { exporter in
                    let first = try await exporter.page(until: "all is up") { page in
                        try page.value("pgwal_receiver_up", ["target": "s"]) == 1 && follower(page, "p") == 0
                    }
                    #expect(try slot(first, "p", "needed") == 1)
                    #expect(try slot(first, "s", "needed") == 0, "not while it is a standby")
                    #expect(try slot(first, "s", "both") == 1)
                    #expect(try slot(first, "s", "relay") == 1)
                    #expect(try follower(first, "s") == 0, "not while it is a standby")
                    #expect(try first.value("pgwal_role_mismatch", ["target": "p"]) == 0)
                    #expect(try first.value("pgwal_role_mismatch", ["target": "s"]) == 0, "any will do")
                    #expect(try first.value("pgwal_role_mismatch", ["target": "vip"]) == 1)
                    #expect(try first.state("pgwal_role_expected", "role", ["target": "p"]) == "primary")
                    #expect(try first.state("pgwal_role_expected", "role", ["target": "s"]) == "any")
                    #expect(first.all("pgwal_slot_expected").count == 4)
                    #expect(first.all("pgwal_standby_expected").count == 2)
                    #expect(first.all("pgwal_slot_expected").values.allSatisfy { $0 == 1 })

                    // The series change at the next scrape, none later.
                    try await primary.createLogicalSlot("needed", plugin: "pgoutput")
                    #expect(try await slot(exporter.page(), "p", "needed") == 1, "a slot of the other type")
                    try await primary.execute("SELECT pg_drop_replication_slot('needed')")
                    try await primary.createPhysicalSlot("needed")
                    try await standby.createPhysicalSlot("relay")
                    let there = try await exporter.page()
                    #expect(try slot(there, "p", "needed") == 0)
                    #expect(try slot(there, "s", "relay") == 0)
                    #expect(try slot(there, "s", "both") == 1, "the other one's slots do not count")
                    try await primary.execute("SELECT pg_drop_replication_slot('needed')")
                    #expect(try await slot(exporter.page(), "p", "needed") == 1)

                    try await standby.stop()
                    let alone = try await exporter.page(until: "the standby is missing") { try follower($0, "p") == 1 }
                    #expect(try alone.value("pgwal_up", ["target": "s"]) == 0)
                    #expect(alone.all("pgwal_slot_missing", ["target": "s"]).isEmpty, "nobody knows")
                    #expect(alone.all("pgwal_standby_missing", ["target": "s"]).isEmpty)
                    #expect(alone.all("pgwal_role_mismatch", ["target": "s"]).isEmpty)
                    #expect(alone.all("pgwal_slot_expected", ["target": "s"]).count == 3, "it is expected all the same")
                    #expect(alone.all("pgwal_standby_expected", ["target": "s"]).count == 1)
                    #expect(try alone.state("pgwal_role_expected", "role", ["target": "vip"]) == "primary")
                    try await standby.start()
                    _ = try await exporter.page(until: "the standby is back") { page in
                        try follower(page, "p") == 0 && page.value("pgwal_up", ["target": "s"]) == 1 && page.value("pgwal_up", ["target": "vip"]) == 1
                    }

                    try await primary.stop()
                    try await standby.promote()
                    let promoted = try await exporter.page(until: "the old primary is down") { try $0.value("pgwal_up", ["target": "p"]) == 0 }
                    #expect(try slot(promoted, "p", "needed") == nil)
                    #expect(try slot(promoted, "s", "needed") == 1, "it is a primary now")
                    #expect(try slot(promoted, "s", "both") == 1)
                    #expect(try slot(promoted, "s", "relay") == 0, "it was a standby's")
                    #expect(try follower(promoted, "s") == 1)
                    #expect(try promoted.value("pgwal_role_mismatch", ["target": "vip"]) == 0)
                    try await standby.execute("SELECT pg_drop_replication_slot('relay')")
                    try await standby.createPhysicalSlot("needed")
                    let cured = try await exporter.page()
                    #expect(try slot(cured, "s", "needed") == 0)
                    #expect(try slot(cured, "s", "relay") == 0)
                }
            }
        }
    }
}
