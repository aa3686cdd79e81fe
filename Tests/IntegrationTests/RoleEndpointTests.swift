import PostgresTestSupport
import Testing
import TimeSupport

extension IntegrationTests {
    @Suite(.serialized)
    struct RoleEndpointTests {
        @Test("200 in the role, 503 in the other one or unknown, 400 and 404 for what cannot be asked")
        func statuses() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 15)
                let standby = try await PostgresServer.standby(of: primary)
                let exporter = try await Exporter(targets: [
                    ("p", primary.conninfo()), ("s &1", standby.conninfo()), ("nowhere", "host=127.0.0.1 port=9"),
                ])
                try await withExporter(exporter) { exporter in
                    // Of a standby that was sent nothing since it began to stream the lag in bytes is not known.
                    try await primary.execute("CREATE TABLE t AS SELECT 1")
                    _ = try await exporter.page(until: "it has caught up") { try $0.value("pgwal_upstream_lag_bytes") == 0 }
                    let get = { (path: String) in try await HTTP.get("\(exporter.url)/role/\(path)") }
                    for (path, status, body) in [
                        ("primary?target=p", 200, "p is a primary\n"), ("primary?target=s+%261", 503, "s &1 is a standby\n"),
                        ("standby?target=s+%261", 200, "s &1 is a standby\n"), ("standby?target=p", 503, "p is a primary\n"),
                        ("standby?target=s+%261&max_lag=1h&max_lag=1GB", 200, "s &1 is a standby\n"),
                        ("standby?target=p&max_lag=1h", 503, "p is a primary\n"),
                    ] {
                        let answer = try await get(path)
                        #expect(answer.status == status, "\(path)")
                        #expect(answer.body == body, "\(path)")
                        #expect(answer.headers["cache-control"] == "no-store")
                        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                        let head = try await HTTP.get("\(exporter.url)/role/\(path)", ["--head"])
                        #expect(head.status == status, "\(path)")
                        #expect(head.body.isEmpty)
                    }
                    for role in ["primary", "standby"] {
                        let down = try await get("\(role)?target=nowhere")
                        #expect(down.status == 503)
                        #expect(down.body.hasPrefix("nowhere unknown: "))
                        #expect(try await get(role).status == 400, "which one?")
                        #expect(try await get("\(role)?target=p&target=p").status == 400)
                        let unknown = try await get("\(role)?target=evil")
                        #expect(unknown.status == 404)
                        #expect(unknown.body.contains("p, s &1, nowhere"))
                        #expect(try await HTTP.get("\(exporter.url)/role/\(role)?target=p", ["-X", "POST"]).status == 405)
                    }
                    for limit in ["10", "-1s", "s", "1.5.0s", "10kb", "1%20s", ""] {
                        #expect(try await get("standby?target=s+%261&max_lag=\(limit)").status == 400, "\(limit)")
                    }
                    let lagOfPrimary = try await get("primary?target=p&max_lag=10s")
                    #expect(lagOfPrimary.status == 400 && lagOfPrimary.body == "max_lag is for /role/standby: a primary has no lag.\n")
                    // A parameter that is misspelt would be a check without its limit.
                    for (query, body) in [
                        ("target=s+%261&maxlag=10s", "'maxlag' is no parameter of /role/standby, which takes target and max_lag and unknown.\n"),
                        ("target=s+%261&max_lag=1h&", "s &1 is a standby\n"),
                        ("target=s+%261&Max_Lag=1h", "'Max_Lag' is no parameter of /role/standby, which takes target and max_lag and unknown.\n"),
                        ("target=s+%261&max%5Flag=1h", "'max%5Flag' is no parameter of /role/standby, which takes target and max_lag and unknown.\n"),
                        ("target=s+%261&lenient", "'lenient' is no parameter of /role/standby, which takes target and max_lag and unknown.\n"),
                        ("target=s+%261&target=s+%261", "/role/standby takes the parameter target once.\n"),
                        ("target=s+%261&max_lag=1h&max_lag=1s", "max_lag may be given once as a time and once as a number of bytes.\n"),
                        ("target=s+%261&max_lag=1GB&max_lag=1kB", "max_lag may be given once as a time and once as a number of bytes.\n"),
                    ] {
                        let answer = try await get("standby?\(query)")
                        #expect(answer.status == (body.hasPrefix("s &1") ? 200 : 400), "\(query)")
                        #expect(answer.body == body, "\(query)")
                    }
                    let strange = try await get("primary?target=p&\(String(repeating: "a", count: 70))%3Cb%3E")
                    #expect(strange.status == 400)
                    #expect(strange.body == "'\(String(repeating: "a", count: 60))…' is no parameter of /role/primary, which takes target.\n")
                    #expect(try await get("").status == 404)
                    #expect(try await get("leader?target=p").status == 404)

                    // The roles as they are now, not as of the last scrape.
                    try await primary.stop()
                    try await standby.promote()
                    try await waitUntil("the promotion is seen", timeout: .seconds(5)) { try await get("primary?target=s+%261").status == 200 }
                    #expect(try await get("standby?target=s+%261").status == 503)
                    #expect(try await get("primary?target=p").status == 503)
                }
            }
        }

        @Test(
            "max_lag: a paused standby is not fit, by its seconds and by its bytes, until it has caught up",
            arguments: PostgresInstallation.among(13, 18)
        )
        func maximumLag(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary)
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    let check = { (limit: String) in try await HTTP.get("\(exporter.url)/role/standby?target=s&\(limit)") }
                    let fits = { (limit: String) in try await check(limit).status == 200 }
                    try await waitUntil("it is fit") { try await fits("max_lag=1s&max_lag=0B") }

                    try await standby.execute("SELECT pg_wal_replay_pause()")
                    try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                    try await waitUntil("it is a second behind") { try await !fits("max_lag=1s") }
                    let late = try await check("max_lag=1s")
                    #expect(late.status == 503)
                    #expect(late.body.hasPrefix("s is a standby, ") && late.body.hasSuffix(" s behind\n"), "\(late.body)")
                    #expect(try await fits("max_lag=1h"))
                    let far = try await check("max_lag=500kB")
                    #expect(far.status == 503)
                    #expect(far.body.hasSuffix(" bytes behind\n"), "\(far.body)")
                    #expect(try await fits("max_lag=100MB"))
                    #expect(try await !fits("max_lag=1h&max_lag=500kB"))
                    #expect(try await fits(""), "any lag will do")

                    try await standby.execute("SELECT pg_wal_replay_resume()")
                    try await waitUntil("it is fit again") { try await fits("max_lag=1s&max_lag=0B") }

                    // How far it is behind is not known any more, but for how long that is so is.
                    try await primary.stop()
                    try await waitUntil("what the primary wrote since it was seen is unknown") { try await !fits("max_lag=1s") }
                    let unseen = try await check("max_lag=1s")
                    #expect(
                        unseen.body.hasPrefix("s is a standby; how far behind its primary is unknown: its primary was seen last "),
                        "\(unseen.body)"
                    )
                    #expect(try await fits("max_lag=1h"), "it had all, an hour ago at the most")
                    #expect(try await fits("max_lag=1s&unknown=ok"))
                    #expect(try await check("max_lag=1s&unknown=yes").status == 400)
                    try await waitUntil("in bytes nothing is known either") { try await !fits("max_lag=1TB") }
                    #expect(try await fits("max_lag=1TB&unknown=ok"))
                    #expect(try await fits(""))
                }
            }
        }

        @Test(
            "max_lag of standbys behind a cut link: late by the primary's clock, though all of them stream; beside one alone that is unknown",
            arguments: PostgresInstallation.among(15, 18)
        )
        func maximumLagBehindCutLink(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let relay = try TCPRelay(to: primary.port)
                // With the timeouts that PostgreSQL has by default, neither end notices for a minute.
                let leader = try await PostgresServer.standby(of: primary, name: "leader", throughPort: relay.port)
                let replica = try await PostgresServer.standby(of: leader, name: "replica")
                try await replica.waitUntilReplayed(primary)
                let targets = [("p", primary.conninfo()), ("leader", leader.conninfo()), ("replica", replica.conninfo())]
                let exporter = try await Exporter(targets: targets)
                let beside = try await Exporter(targets: [("replica", replica.conninfo())])
                try await withExporter(exporter) { exporter in
                    try await withExporter(beside) { beside in
                        let check = { (target: String, limit: String) in
                            try await HTTP.get("\(exporter.url)/role/standby?target=\(target)&\(limit)")
                        }
                        let alone = { (query: String) in try await HTTP.get("\(beside.url)/role/standby?\(query)") }
                        for target in ["leader", "replica"] {
                            try await waitUntil("\(target) is fit") { try await check(target, "max_lag=1s&max_lag=0B").status == 200 }
                        }
                        let unknown = try await alone("max_lag=1h")
                        #expect(unknown.status == 503)
                        #expect(
                            unknown.body == "replica is a standby; how far behind its primary is unknown: "
                                + "its primary is not watched here, or not the only one, or on another timeline\n"
                        )
                        #expect(try await alone("max_lag=1h&unknown=ok").status == 200)
                        #expect(try await alone("").status == 200)

                        relay.set(.silent)
                        try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                        for target in ["leader", "replica"] {
                            try await waitUntil("\(target) is a second late") { try await check(target, "max_lag=1s").status == 503 }
                            let late = try await check(target, "max_lag=1s")
                            #expect(late.body.hasPrefix("\(target) is a standby, ") && late.body.hasSuffix(" s behind\n"), "\(late.body)")
                            #expect(try await check(target, "max_lag=500kB").body.hasSuffix(" bytes behind\n"))
                            #expect(try await check(target, "max_lag=1h&max_lag=1GB").status == 200)
                        }
                        let page = try await exporter.page()
                        for target in ["leader", "replica"] {
                            #expect(try page.value("pgwal_receiver_up", ["target": target]) == 1, "it has noticed nothing")
                            let bytes = try page.value("pgwal_behind_primary_bytes", ["target": target]) ?? 0
                            #expect(bytes > 500_000)
                            let seconds = try page.value("pgwal_behind_primary_seconds", ["target": target]) ?? 0
                            #expect(seconds > 1)
                        }
                        #expect(page.all("pgwal_behind_primary_seconds", ["target": "p"]).isEmpty)
                        #expect(try await alone("max_lag=1s&unknown=ok").status == 200, "what it is not told it cannot know")

                        relay.set(.open)
                        for target in ["leader", "replica"] {
                            try await waitUntil("\(target) is fit again") { try await check(target, "max_lag=1s&max_lag=0B").status == 200 }
                        }
                    }
                }
            }
        }

        @Test("a server that hangs is 503 within two seconds, and fit again by itself")
        func hungServer() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("p", server.conninfo())])
                try await withExporter(exporter) { exporter in
                    let check = { try await HTTP.get("\(exporter.url)/role/primary") }
                    try await waitUntil("it is fit") { try await check().status == 200 }
                    server.freeze()
                    defer { server.thaw() }
                    // What was read a moment ago may still be told, and no longer than it says.
                    let begin = Stopwatch()
                    try await waitUntil("it is not fit", timeout: .seconds(10)) { try await check().status == 503 }
                    #expect(begin.elapsed < .seconds(3))
                    for _ in 0..<5 {
                        let answer = try await check()
                        #expect(answer.status == 503)
                        #expect(answer.seconds < 2)
                    }
                    server.thaw()
                    try await waitUntil("it is fit again") { try await check().status == 200 }
                }
            }
        }

        @Test("many checks share one connection and a collection a second")
        func shared() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15, settings: ["log_statement": "all"])
                // Without its sampler the exporter asks only when it is asked.
                let exporter = try await Exporter(targets: [("p", server.conninfo())], collection: "lsn_sample_interval: 0")
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up, and its directories were listed") { page in
                        page.all("pgwal_collector_success", ["collector": "wal_directory"]).count == 1
                    }
                    let collections = { server.log.split(separator: "\n").count { $0.contains("execute role#") } }
                    let before = collections()
                    #expect(before >= 1, "the statement is called otherwise now: \(server.logTail())")
                    let begin = ContinuousClock.now
                    let checks = 200
                    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                        for index in 0..<checks {
                            if index >= 8 { _ = try await group.next() }
                            group.addTask { try await HTTP.get("\(exporter.url)/role/\(index.isMultiple(of: 2) ? "primary" : "standby")").status }
                        }
                        return try await group.reduce(into: Set()) { $0.insert($1) }
                    }
                    let seconds = (ContinuousClock.now - begin) / .seconds(1)
                    #expect(statuses.isSubset(of: [200, 503]))
                    let made = collections() - before
                    #expect(Double(made) <= seconds + 1, "\(made) collections for \(checks) checks in \(seconds) s")
                    #expect(made < checks / 4)
                    try await waitUntil("an answer that is too old is not given again") {
                        _ = try await HTTP.get("\(exporter.url)/role/primary")
                        return collections() > before
                    }
                    #expect(try await exporter.page().value("pgwal_connects_total") == 1)
                    let sessions = try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'")
                    #expect(sessions == "1")
                }
            }
        }
    }
}
