import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// What the process does when the reader of its log, one of its threads or a signal is not as in the ordinary case.
    @Suite(.serialized)
    struct ProcessTests {
        /// Nothing listens there, and the names of the sockets are in the message that says so: a long line of the log each.
        private static func unreachable(_ count: Int) -> [(name: String, conninfo: String)] {
            let hosts = (1...9).map { "/\($0)\(String(repeating: "x", count: 80))" }.joined(separator: ",")
            return (1...count).map { ("t\($0)", "host=\(hosts) user=x dbname=x") }
        }

        @Test("a log whose reader is stuck costs no scrape and no check, and what it lost is counted and told")
        func stuckLog() async throws {
            try await withServers {
                let reader = try StuckReader()
                let server = try await PostgresServer.primary(version: 15)
                let file = try Exporter.file(Exporter.configuration([("real", server.conninfo())] + Self.unreachable(900)))
                let exporter = try await Exporter(["--config.file", file], shell: "exec 2>\(reader.path)")
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "more is to be told than fits") { page in
                        try page.value("pgwal_log_dropped_total") ?? 0 > 0
                    }
                    #expect(try page.value("pgwal_up", ["target": "real"]) == 1)
                    #expect(try await HTTP.get(exporter.url + "/role/primary?target=real").status == 200)
                    #expect(try await HTTP.get(exporter.url + "/-/healthy").status == 200)

                    var log = ""
                    try await waitUntil("what was dropped is told") {
                        log += reader.read()
                        return log.contains("lines were dropped here")
                    }
                    let told = log.split(separator: "\n").filter { $0.contains("lines were dropped here") }
                    let counts = told.compactMap { line in
                        line.split(separator: " ").first { $0.hasPrefix("lines=") }.flatMap { Int($0.dropFirst(6)) }
                    }
                    #expect(try await exporter.page().value("pgwal_log_dropped_total") == Double(counts.reduce(0, +)))

                    exporter.process.send(signal: SIGTERM)
                    #expect(try await exporter.process.waitForExit() == .code(0))
                    #expect(reader.read().hasSuffix("msg=stopped\n"), "the end of the log is written, too")
                }
            }
        }

        @Test("SIGTERM ends it in good order while the log's reader is stuck, and when it has gone")
        func stuckLogAtTheEnd() async throws {
            for isGone in [false, true] {
                var reader: StuckReader? = try StuckReader()
                let path = try #require(reader).path
                let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"], shell: "exec 2>\(path)")
                try await withExporter(exporter) { exporter in
                    if isGone { reader = nil }
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_up") == 0)
                    exporter.process.send(signal: SIGTERM)
                    #expect(try await exporter.process.waitForExit() == .code(0))
                }
            }
        }

        @Test("a loop that does not turn is told, and makes it unhealthy until it turns again")
        func stalledLoop() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let exporter = try await Exporter(targets: [("p", server.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it is up") { try $0.value("pgwal_up") == 1 }
                    let thread = try await FrozenThread("pgwal-io", of: exporter.process)
                    var answer = try await HTTP.get(exporter.url + "/-/healthy")
                    try await waitUntil("it is unhealthy") {
                        answer = try await HTTP.get(exporter.url + "/-/healthy")
                        return answer.status == 503
                    }
                    #expect(answer.body.contains("the loop of the PostgreSQL connections has not turned for 1"))
                    #expect(answer.seconds < 1)
                    try await waitUntil("the log has it") { exporter.process.output.contains("an event loop does not turn") }
                    await thread.thaw()
                    try await waitUntil("it is healthy again") { try await HTTP.get(exporter.url + "/-/healthy").status == 200 }
                    let page = try await exporter.page(until: "it is up again") { try $0.value("pgwal_up") == 1 }
                    #expect(try page.value("pgwal_exporter_loop_stalls_total") == 1)
                    try await waitUntil("that is told, too") { exporter.process.output.contains("the event loop turns again") }
                }
            }
        }

        @Test("the server's own loop is watched, too", .timeLimit(.minutes(2)))
        func stalledServer() async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"])
            try await withExporter(exporter) { exporter in
                let thread = try await FrozenThread("NIO-ELT-", of: exporter.process)
                try await waitUntil("the log has it") { exporter.process.output.contains("loop=\"the loop of the HTTP server\"") }
                await thread.thaw()
                try await waitUntil("it serves again") { try await exporter.page().value("pgwal_exporter_loop_stalls_total") == 1 }
            }
        }

        @Test("SIGTERM ends it within the limit also when a loop is stuck, a second one at once")
        func stuckLoopAtTheEnd() async throws {
            for signals in 1...2 {
                let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x", "--collection.timeout", "1s"])
                try await withExporter(exporter) { exporter in
                    let thread = try await FrozenThread("pgwal-io", of: exporter.process)
                    let start = ContinuousClock.now
                    exporter.process.send(signal: SIGTERM)
                    if signals == 2 {
                        try await Task.sleep(for: .milliseconds(200))
                        exporter.process.send(signal: SIGTERM)
                    }
                    #expect(try await exporter.process.waitForExit(timeout: .seconds(30)) == .code(1))
                    #expect(exporter.process.output.contains(signals == 2 ? "told a second time to stop" : "did not stop in time"))
                    #expect(signals == 2 || ContinuousClock.now - start >= .seconds(4), "what could still be done was waited for")
                    await thread.thaw()
                }
            }
        }

        @Test(
            "signals that mean nothing here are told, and end nothing",
            arguments: [(SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2"), (SIGALRM, "SIGALRM")]
        )
        func meaninglessSignal(_ signal: Int32, _ name: String) async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"])
            try await withExporter(exporter) { exporter in
                exporter.process.send(signal: signal)
                try await waitUntil("it is told") {
                    exporter.process.output.contains("\(name) has no meaning here; SIGHUP reloads the configuration")
                }
                #expect(try await exporter.page().value("pgwal_up") == 0)
            }
        }

        @Test("SIGQUIT ends it at once, by that signal, with a line in the log")
        func quit() async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"], shell: "ulimit -c 0")
            try await withExporter(exporter) { exporter in
                exporter.process.send(signal: SIGQUIT)
                let status = try await exporter.process.waitForExit()
                #expect(status == .signal(SIGQUIT))
                #expect(exporter.process.output.contains("msg=\"ended at once\" signal=SIGQUIT"))
            }
        }

        @Test("SIGINT ends it as SIGTERM does, also while it reloads", arguments: [SIGINT, SIGTERM])
        func endingSignal(_ signal: Int32) async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"])
            try await withExporter(exporter) { exporter in
                for _ in 0..<20 { exporter.process.send(signal: SIGHUP) }
                exporter.process.send(signal: signal)
                exporter.process.send(signal: SIGHUP)
                let status = try await exporter.process.waitForExit()
                #expect(status == .code(0))
                #expect(exporter.process.output.contains("msg=stopping signal=\(signal == SIGINT ? "SIGINT" : "SIGTERM")"))
                // A reload may be told after it.
                #expect(exporter.process.output.contains("msg=stopped\n"))
            }
        }

        @Test("descriptors 0 to 2 that are closed at the start are opened on /dev/null", .enabled(if: Sockets.areVisible))
        func closedDescriptors() async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x"], shell: "exec 0<&- 1>&- 2>&-")
            try await withExporter(exporter) { exporter in
                let page = try await exporter.page()
                #expect(try page.value("pgwal_up") == 0)
                for descriptor in 0...2 {
                    var buffer = [CChar](repeating: 0, count: 256)
                    let length = readlink("/proc/\(exporter.process.pid)/fd/\(descriptor)", &buffer, buffer.count)
                    #expect(String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self) == "/dev/null")
                }
            }
        }
    }
}
