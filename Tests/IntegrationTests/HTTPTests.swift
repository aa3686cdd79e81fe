import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    @Suite(.serialized)
    struct HTTPTests {
        @Test("formats, compression, methods, paths and bad requests")
        func protocolDetails() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("one", primary.conninfo()), ("two <&>", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let url = exporter.url
                    let text = try await HTTP.get(url + "/metrics")
                    #expect(text.status == 200)
                    #expect(text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                    _ = try Page(text.body)

                    let open = try await HTTP.get(url + "/metrics", ["-H", "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5"])
                    #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
                    #expect(open.body.hasSuffix("# EOF\n"))

                    let gzip = try await HTTP.get(url + "/metrics", ["--compressed"])
                    #expect(gzip.headers["content-encoding"] == "gzip")
                    #expect(gzip.headers["vary"] == "Accept, Accept-Encoding")
                    _ = try Page(gzip.body)

                    let head = try await HTTP.get(url + "/metrics", ["--head"])
                    #expect(head.status == 200)
                    #expect(head.body.isEmpty)

                    let post = try await HTTP.get(url + "/metrics", ["-X", "POST"])
                    #expect(post.status == 405)
                    #expect(post.headers["allow"] == "GET, HEAD")
                    let missing = try await HTTP.get(url + "/metric")
                    #expect(missing.status == 404)
                    #expect(missing.body.contains("/metrics"))
                    let timeout = try await HTTP.get(url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: soon"])
                    #expect(timeout.status == 400)
                    #expect(timeout.body.contains("positive number of seconds"))

                    for (path, takes) in [("/metrics", "none"), ("/probe", "target"), ("/sd", "none"), ("/api/v1/topology", "none")] {
                        let answer = try await HTTP.get(url + path + "?collect%5B%5D=wal")
                        #expect(answer.status == 400, "\(path)")
                        #expect(answer.body == "'collect%5B%5D' is no parameter of \(path), which takes \(takes).\n")
                        #expect(try await HTTP.get(url + path + "?x", ["--head"]).status == 400, "\(path)")
                    }
                    #expect(try await HTTP.get(url + "/metrics?").status == 200)
                    #expect(try await HTTP.get(url + "/probe?target=one&module=x").status == 400)

                    #expect(try await HTTP.get(url + "/probe").status == 400)
                    let unknown = try await HTTP.get(url + "/probe?target=evil.example:5432")
                    #expect(unknown.status == 404)
                    #expect(unknown.body.contains("one, two"))
                    #expect(try await HTTP.get(url + "/probe?target=one&target=two").status == 400)
                    let probe = try await exporter.page("/probe?target=two%20%3C%26%3E")
                    #expect(try probe.value("pgwal_up", ["target": "two <&>"]) == 1)
                    #expect(probe.names(["target": "one"]).isEmpty)
                    #expect(probe.names([:]).allSatisfy { $0.hasPrefix("pgwal_") && $0 != "pgwal_exporter_build_info" })

                    let page = try await HTTP.get(url + "/")
                    #expect(page.headers["content-type"] == "text/html; charset=utf-8")
                    #expect(page.body.contains("two &lt;&amp;&gt;"))
                    #expect(!page.body.contains("two <&>"))
                    #expect(try await HTTP.get(url + "/-/healthy").status == 200)

                    #expect(try await HTTP.raw("GET /-/ready HTTP/1.0\r\n\r\n", to: exporter.port).hasSuffix("pgwal_exporter is ready.\n"))
                }
            }
        }

        @Test("one connection per target, whatever the number of scrapers")
        func oneConnection() async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<20 { group.addTask { _ = try await exporter.page() } }
                        try await group.waitForAll()
                    }
                    let sessions = try await primary.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'")
                    #expect(sessions == "1")
                    #expect(try await exporter.page().value("pgwal_connects_total") == 1)
                }
            }
        }

        @Test("a hung server costs its own metrics alone: an answer in time, up 0, and no sockets pile up", .enabled(if: Sockets.areVisible))
        func hungServer() async throws {
            try await withServers {
                let hung = try await PostgresServer.primary(version: 15, name: "hung")
                let well = try await PostgresServer.primary(version: 15, name: "well")
                let exporter = try await Exporter(targets: [
                    ("hung", hung.conninfo(over: .tcp) + " password=x"), ("well", well.conninfo()),
                    ("refused", "host=127.0.0.1 port=9"), ("unknown", "host=does-not-exist.invalid"),
                ])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "both are up") { page in
                        try page.value("pgwal_up", ["target": "well"]) == 1
                    }
                    hung.freeze()
                    defer { hung.thaw() }
                    // It has failed when a collection's own limit has passed, and no sooner for a scraper with less time.
                    try await waitUntil("it is down", timeout: .seconds(15)) {
                        let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 1.5"])
                        #expect(answer.seconds < 1.5)
                        let page = try Page(answer.body)
                        #expect(try page.value("pgwal_up", ["target": "well"]) == 1)
                        return try page.value("pgwal_up", ["target": "hung"]) == 0
                    }
                    var sockets: [Int] = []
                    for _ in 0..<20 {
                        let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 1.5"])
                        #expect(answer.seconds < 1.5)
                        let page = try Page(answer.body)
                        #expect(try page.value("pgwal_up", ["target": "hung"]) == 0)
                        #expect(try page.value("pgwal_up", ["target": "well"]) == 1)
                        #expect(try page.value("pgwal_up", ["target": "refused"]) == 0)
                        #expect(try page.value("pgwal_up", ["target": "unknown"]) == 0)
                        sockets.append(Sockets.count(of: exporter.process.pid, to: hung.port))
                    }
                    #expect(sockets.allSatisfy { $0 <= 2 }, "a connection and its cancel request at most: \(sockets)")
                    #expect(Set(sockets.suffix(15)).count <= 2, "constant but for an attempt that comes and goes: \(sockets)")
                }
            }
        }

        @Test("a server that freezes in the middle is up again by itself")
        func freezeAndThaw() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 18)
                let exporter = try await Exporter(targets: [("p", server.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    server.freeze()
                    try await waitUntil("it is down", timeout: .seconds(15)) {
                        let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 1"])
                        #expect(answer.seconds < 1)
                        return try Page(answer.body).value("pgwal_up") == 0
                    }
                    server.thaw()
                    _ = try await exporter.page(until: "it is up again") { try $0.value("pgwal_up") == 1 }
                    let sessions = try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgwal_exporter'")
                    #expect(sessions == "1", "what was given up is gone on the server too")
                }
            }
        }

        @Test("a collector that waits for a lock costs its own metrics alone")
        func lockedCatalog() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("p", server.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    let locker = try ChildProcess(
                        server.installation.tool("psql"),
                        ["-X", "-d", server.conninfo(), "-c", "BEGIN; LOCK TABLE pg_subscription IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)"]
                    )
                    try await waitUntil("the catalog is locked") {
                        try await server.psql(
                            "SELECT 1 FROM pg_locks WHERE relation = 'pg_subscription'::regclass AND mode = 'AccessExclusiveLock'"
                        ) == "1"
                    }
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up") == 1)
                    #expect(try page.value("pgwal_collector_success", ["collector": "subscriptions"]) == 0)
                    #expect(try page.value("pgwal_collector_errors_total", ["collector": "subscriptions", "reason": "timeout"]) ?? 0 >= 1)
                    #expect(try page.value("pgwal_collector_success", ["collector": "slots"]) == 1)
                    #expect(try page.value("pgwal_connects_total") == 1, "the connection outlives it")
                    await locker.terminate()
                }
            }
        }

        @Test("SIGTERM answers what is under way and exits with 0", .enabled(if: Sockets.areVisible))
        func graceful() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("p", server.conninfo())])
                _ = try await exporter.page()
                server.freeze()
                async let answer = HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 3"])
                try await waitUntil("the request has arrived") { Sockets.count(of: exporter.process.pid, listening: exporter.url) >= 1 }
                exporter.process.send(signal: SIGTERM)
                #expect(try await answer.status == 200)
                #expect(try await exporter.process.waitForExit() == .code(0))
                server.thaw()
            }
        }
    }
}
