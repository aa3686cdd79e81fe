import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// Another configuration while the exporter runs.
    @Suite(.serialized)
    struct ReloadTests {
        /// By which ways an exporter is told.
        enum Way: String, CaseIterable {
            case signal, post, put
        }

        @Test("Targets that stay keep their server process and their past, with other labels; others come and go", arguments: Way.allCases)
        func reload(_ way: Way) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 15)
                let standby = try await PostgresServer.standby(of: primary)
                let path = try Exporter.file(
                    """
                    targets:
                      - {name: p, dsn: "\(primary.conninfo())", labels: {site: one}}
                      - {name: s, dsn: "\(standby.conninfo())"}

                    """
                )
                let exporter = try await Exporter(["--config.file", path, "--web.enable-lifecycle"])
                try await withExporter(exporter) { exporter in
                    let start = try await exporter.page(until: "both are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 2 }
                    #expect(try start.value("pgwal_config_last_reload_successful") == 1)
                    let startedAt = try #require(try start.value("pgwal_config_last_reload_success_timestamp_seconds"))
                    let processStart = try #require(try start.value("process_start_time_seconds"))
                    #expect(abs(startedAt - processStart) < 10)
                    try await standby.execute("SELECT pg_wal_replay_pause()")
                    try await primary.execute("CREATE TABLE t AS SELECT 1")
                    let before = try await exporter.page(until: "the replay is behind") { page in
                        try page.value("pgwal_walsender_replay_age_seconds") ?? 0 > 3
                    }
                    let pid = try await Self.backend(of: primary)

                    try Exporter.replace(
                        path,
                        with: """
                            targets:
                              - {name: new, dsn: "\(standby.conninfo()) application_name=new"}
                              - name: p
                                dsn: "  \(primary.conninfo())"
                                labels: {site: two, tier: gold}
                                expect: {slots: [{name: needed}]}
                            collection: {timeout: 4s, disable: [checkpoints]}

                            """
                    )
                    try await Self.reload(exporter, way)
                    let after = try await exporter.page(until: "the new one is up") { try $0.value("pgwal_up", ["target": "new"]) == 1 }
                    #expect(try after.value("pgwal_up", ["target": "p", "site": "two", "tier": "gold"]) == 1)
                    #expect(after.all("pgwal_up").count == 2)
                    #expect(after.names(["target": "s"]).isEmpty)
                    #expect(after.all("pgwal_up", ["site": "one"]).isEmpty)
                    #expect(try after.value("pgwal_slot_missing", ["target": "p", "slot_name": "needed"]) == 1)
                    #expect(after.all("pgwal_collector_success", ["collector": "checkpoints"]).isEmpty)
                    #expect(try after.value("pgwal_connects_total", ["target": "p"]) == 1)
                    #expect(try await Self.backend(of: primary) == pid, "not connected anew")
                    let age = try after.value("pgwal_walsender_replay_age_seconds", ["target": "p"]) ?? 0
                    let ageBefore = try #require(try before.value("pgwal_walsender_replay_age_seconds"))
                    #expect(age >= ageBefore, "the history is kept")
                    #expect(try after.value("pgwal_config_last_reload_successful") == 1)
                    #expect(try after.value("pgwal_config_last_reload_success_timestamp_seconds") ?? 0 > startedAt)
                    try await waitUntil("the one that is gone is closed") {
                        try await standby.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'") == "0"
                    }
                    #expect(exporter.process.output.contains("msg=\"configuration reloaded\" adapted=1 added=1"))
                }
            }
        }

        @Test("A connection string that leads elsewhere: the new server under the old name, the former connection is closed")
        func moved() async throws {
            try await withServers {
                let one = try await PostgresServer.primary(version: 15, name: "one")
                let other = try await PostgresServer.primary(version: 15, name: "other")
                let path = try Exporter.file(Exporter.configuration([("a", one.conninfo())]))
                let exporter = try await Exporter(["--config.file", path])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    try Exporter.replace(path, with: Exporter.configuration([("a", other.conninfo())]))
                    try await Self.reload(exporter, .signal)
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up", ["target": "a"]) == 1)
                    #expect(try page.value("pgwal_target_info", ["cluster_name": "other"]) == 1)
                    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'"
                    try await waitUntil("the former one is closed") { try await one.psql(sessions) == "0" }
                    #expect(try await other.psql(sessions) == "1")
                    _ = try await exporter.page(until: "both are counted") { try $0.value("pgwal_connects_total") == 2 }
                }
            }
        }

        @Test("A file that is wrong is refused with file, line and key, and no secret; all stays as it was")
        func refused() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let good = Exporter.configuration([("a", server.conninfo())])
                let path = try Exporter.file(good)
                let exporter = try await Exporter(["--config.file", path, "--web.enable-lifecycle"])
                try await withExporter(exporter) { exporter in
                    let before = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    let pid = try await Self.backend(of: server)
                    try Exporter.replace(
                        path,
                        with: """
                            targets:
                              - {name: b, dsn: "host=b password=hunter2", labls: {site: x}}
                            collection: {timeout: 5}

                            """
                    )
                    let answer = try await HTTP.get(exporter.url + "/-/reload", ["-X", "POST"])
                    #expect(answer.status == 500)
                    #expect(answer.body.contains("\(path):2:47: targets[0].labls: unknown key; known: "))
                    #expect(answer.body.contains("\(path):3:23: collection.timeout: expected a duration"))
                    try await waitUntil("the log has it") {
                        exporter.process.output.contains("\(path):2:47: targets[0].labls") && exporter.process.output.contains("\(path):3:23:")
                    }
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up", ["target": "a"]) == 1)
                    #expect(page.all("pgwal_up").count == 1)
                    #expect(try page.value("pgwal_config_last_reload_successful") == 0)
                    let time = "pgwal_config_last_reload_success_timestamp_seconds"
                    let timeBefore = try before.value(time)
                    #expect(try page.value(time) == timeBefore)
                    #expect(try await Self.backend(of: server) == pid)

                    // By a signal it is the same; and a file that is gone is as wrong as one that makes no sense.
                    unlink(path)
                    exporter.process.send(signal: SIGHUP)
                    try await waitUntil("the log has that, too") { exporter.process.output.contains("\(path): cannot be read: No such file") }
                    #expect(try await exporter.page().value("pgwal_up", ["target": "a"]) == 1)

                    try Exporter.replace(path, with: good)
                    #expect(try await HTTP.get(exporter.url + "/-/reload", ["-X", "POST"]).status == 200)
                    #expect(try await exporter.page().value("pgwal_config_last_reload_successful") == 1)
                    #expect(!(answer.body + exporter.process.output).contains("hunter2"))
                }
            }
        }

        @Test("What the system does not give is refused in the words of the start, and all stays as it was")
        func tooMany() async throws {
            let targets = (1...600).map { ("t\($0)", "host=127.0.0.1 port=9 user=x") }
            let path = try Exporter.file(Exporter.configuration([targets[0]]))
            let exporter = try await Exporter(["--config.file", path, "--web.enable-lifecycle"], shell: "ulimit -n 256")
            try await withExporter(exporter) { exporter in
                try Exporter.replace(path, with: Exporter.configuration(targets))
                let answer = try await HTTP.get(exporter.url + "/-/reload", ["-X", "PUT"])
                #expect(answer.status == 500)
                #expect(answer.body.contains("640 open files are needed for 600 targets") && answer.body.contains("the limit is 256"))
                let page = try await exporter.page()
                #expect(page.all("pgwal_up").count == 1)
                #expect(try page.value("pgwal_config_last_reload_successful") == 0)
            }
        }

        @Test("Over HTTP only where that is enabled, and not by following a link")
        func lifecycle() async throws {
            for isEnabled in [false, true] {
                let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"] + (isEnabled ? ["--web.enable-lifecycle"] : []))
                try await withExporter(exporter) { exporter in
                    let url = exporter.url + "/-/reload"
                    for method in ["PUT", "POST"] {
                        let answer = try await HTTP.get(url, ["-X", method])
                        #expect(answer.status == (isEnabled ? 200 : 403))
                        #expect(answer.body.contains(isEnabled ? "has been reloaded" : "--web.enable-lifecycle"))
                    }
                    for method in ["GET", "DELETE"] {
                        let answer = try await HTTP.get(url, ["-X", method])
                        #expect(answer.status == 405)
                        #expect(answer.headers["allow"] == "POST, PUT")
                        #expect(answer.body == "/-/reload does something: use POST or PUT.\n")
                    }
                    #expect(try await HTTP.get(url, ["--head"]).status == 405)
                    if isEnabled { #expect(try await HTTP.get(url + "?now", ["-X", "POST"]).status == 400) }
                }
            }
        }

        @Test("Fifty in a row while it is scraped: no scrape fails, and nothing is left behind", .timeLimit(.minutes(3)))
        func fiftyTimes() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let other = try await PostgresServer.primary(version: 15)
                func configuration(_ round: Int) -> String {
                    let moving = round.isMultiple(of: 2) ? server : other
                    return """
                        targets:
                          - {name: stays, dsn: "\(server.conninfo()) application_name=stays", labels: {round: "\(round)"}}
                          - {name: moves, dsn: "\(moving.conninfo())"}
                          - {name: "comes\(round)", dsn: "\(other.conninfo())"}

                        """
                }
                let path = try Exporter.file(configuration(0))
                let exporter = try await Exporter(["--config.file", path, "--web.enable-lifecycle"])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "all are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 3 }
                    let pid = try await Self.backend(of: server, "stays")
                    func settled() async throws -> Page {
                        try await exporter.page(until: "it has settled") { page in
                            try page.all("pgwal_up").filter { $0.value == 1 }.count == 3
                                && page.value("pgwal_collection_pending", ["target": "stays"]) == 0
                        }
                    }
                    let before = try await settled()
                    let isDone = Flag()
                    let pages = Counter()
                    var rounds = 0
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while !isDone.isRaised {
                                let page = try await exporter.page()
                                pages.count()
                                #expect(try page.value("pgwal_up", ["target": "stays"]) == 1)
                                #expect(page.all("pgwal_up").values.allSatisfy { $0 == 1 })
                            }
                        }
                        // However busy the machine is: until more than ten pages came in between. A scrape that fails ends it.
                        while rounds < 50 || pages.value <= 10, rounds < 1000 {
                            rounds += 1
                            try Exporter.replace(path, with: configuration(rounds))
                            let answer = try await HTTP.get(exporter.url + "/-/reload", ["-X", "POST"])
                            #expect(answer.status == 200, "\(answer.body)")
                            if rounds.isMultiple(of: 10) { exporter.process.send(signal: SIGHUP) }
                        }
                        #expect(pages.value > 10)
                        isDone.raise()
                        try await group.waitForAll()
                    }
                    #expect(try await Self.backend(of: server, "stays") == pid)
                    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    try await waitUntil("there are three connections") {
                        let found = [try await server.psql(sessions), try await other.psql(sessions)]
                        return found == ["2", "1"]
                    }
                    let after = try await settled()
                    #expect(try after.value("pgwal_up", ["target": "stays", "round": "\(rounds)"]) == 1)
                    #expect(try after.value("pgwal_connects_total", ["target": "stays"]) == 1)
                    // One that moves on before it is connected is not counted.
                    let connects = try after.value("pgwal_connects_total", ["target": "moves"]) ?? 0
                    #expect(connects > 10 && connects <= Double(rounds + 1))
                    for name in ["process_open_fds", "process_threads"] {
                        let (was, now) = (try before.value(name) ?? 0, try after.value(name) ?? 0)
                        #expect(now <= was + 3, "\(name): \(was), then \(now)")
                    }
                }
            }
        }

        @Test("Members of Patroni stay with their connections when labels change, and go with their cluster")
        func patroni() async throws {
            try await withServers {
                let settings = ["listen_addresses": "0.0.0.0"]
                let primary = try await PostgresServer.primary(version: 15, settings: settings)
                let standby = try await PostgresServer.standby(of: primary, settings: settings)
                let patroni = try await FakePatroni(.addresses, members: 3, primary: primary.port, standby: standby.port)
                func cluster(_ keys: String) -> String {
                    let login = "user=\(PostgresServer.replicationUser) password=\(PostgresServer.replicationPassword) dbname=postgres"
                    return "patroni:\n  - {name: c, urls: [\"\(patroni.url())\"], dsn: \"\(login)\", \(keys)}\n"
                }
                let path = try Exporter.file(cluster("labels: {site: one}"))
                let exporter = try await Exporter(["--config.file", path, "--web.enable-lifecycle"])
                try await withExporter(exporter) { exporter in
                    let isUp = { (page: Page) in page.all("pgwal_up").filter { $0.value == 1 }.count == 3 }
                    _ = try await exporter.page(until: "all are up", isUp)
                    let pids = { try await primary.psql(Self.pids) + "," + standby.psql(Self.pids) }
                    let before = try await pids()
                    #expect(before.split(separator: ",").count == 3)
                    for (keys, site) in [("labels: {site: two}", "two"), ("labels: {site: three}, interval: 1s, max_members: 3", "three")] {
                        try Exporter.replace(path, with: cluster(keys))
                        try await Self.reload(exporter, .post)
                        let page = try await exporter.page()
                        #expect(isUp(page))
                        #expect(page.all("pgwal_up", ["site": site]).count == 3)
                        #expect(try page.value("pgwal_patroni_up", ["site": site]) == 1, "what it told last is told still")
                        #expect(try await pids() == before)
                    }
                    #expect(!exporter.process.output.contains("Patroni does not answer"))

                    try Exporter.replace(path, with: Exporter.configuration([("own", primary.conninfo())]))
                    try await Self.reload(exporter, .signal)
                    let page = try await exporter.page()
                    #expect(page.all("pgwal_up").keys.map { $0.labels["target"] } == ["own"])
                    #expect(page.all("pgwal_patroni_up").isEmpty)

                    try Exporter.replace(path, with: cluster("interval: 1s"))
                    try await Self.reload(exporter, .signal)
                    _ = try await exporter.page(until: "they are back", isUp)
                }
                await patroni.stop()
            }
        }

        @Test("A password file is read at each attempt to connect: a password that changes needs no reload")
        func passwordFile() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                try await server.createMonitoringRole()
                let password = try Exporter.file("first\n")
                let path = try Exporter.file(
                    "targets: [{name: a, dsn: \"\(server.conninfo(user: "monitor", over: .tcp))\", password_file: \"\(password)\"}]\n"
                )
                let exporter = try await Exporter(["--config.file", path])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is refused") { try $0.value("pgwal_up") == 0 }
                    try Exporter.replace(password, with: PostgresServer.monitoringPassword)
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    try await server.execute("ALTER ROLE monitor PASSWORD 'third'")
                    unlink(password)
                    try await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'monitor'")
                    _ = try await exporter.page(until: "there is none") { try $0.value("pgwal_up") == 0 }
                    try await waitUntil("that is told") { exporter.process.output.contains("password file \(password): cannot be read") }
                    _ = try Exporter.file("third\n").withCString { rename($0, password) }
                    _ = try await exporter.page(until: "it is up again") { try $0.value("pgwal_up") == 1 }
                    #expect(!exporter.process.output.contains("third"))
                }
            }
        }

        // MARK: - Doing

        private static let pids =
            "SELECT string_agg(pid::text, ',' ORDER BY pid) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'"

        /// The process that serves the exporter's only connection.
        private static func backend(of server: PostgresServer, _ name: String = "pgwal_exporter") async throws -> String {
            let found = try await server.psql(
                "SELECT pid, backend_start FROM pg_stat_activity WHERE application_name = '\(name)'"
            )
            guard found.split(separator: "\n").count == 1 else { throw SupportFailure("not one session: \(found)") }
            return found
        }

        /// Tells the exporter, and waits until it has followed.
        private static func reload(_ exporter: Exporter, _ way: Way) async throws {
            switch way {
            case .signal:
                let told = { exporter.process.output.ranges(of: "configuration reloaded").count }
                let before = told()
                exporter.process.send(signal: SIGHUP)
                try await waitUntil("it has reloaded") { told() > before }
            case .post, .put:
                let answer = try await HTTP.get(exporter.url + "/-/reload", ["-X", way.rawValue.uppercased()])
                guard answer.status == 200 else { throw SupportFailure("\(answer.status) \(answer.body)") }
            }
        }
    }
}
