import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// Many clients that hold connections: nobody else is kept out, and nothing of them is left.
    @Suite(.serialized)
    struct HostileClientTests {
        private static let target = ["--dsn", "host=127.0.0.1 port=9 user=x"]

        /// Opens so many connections, does to them what its kind does, and holds them.
        private static let program = """
            import selectors, socket, sys, time
            kind, count, port, ready = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
            request = b"GET /metrics HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
            clients = []
            for _ in range(count):
                client = socket.socket()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.connect(("127.0.0.1", port))
                client.setblocking(False)
                if kind == "half":
                    client.send(request[:-2])
                clients.append(client)
            open(ready, "w").close()
            end = time.time() + 60
            while time.time() < end:
                for client in clients if kind == "pipelining" else []:
                    try:
                        client.send(request * 400)
                    except OSError:
                        pass
                time.sleep(0.05)
            """

        /// Resident memory in MiB.
        private static func memory(of exporter: Exporter) async throws -> Int {
            Int((try await exporter.page().value("process_resident_memory_bytes") ?? 0) / 1_048_576)
        }

        private func hold(_ kind: String, _ count: Int, at exporter: Exporter) async throws -> ChildProcess {
            let ready = TemporaryRoot.uniquePath("ready")
            let process = try ChildProcess("python3", ["-c", Self.program, kind, "\(count)", "\(exporter.port)", ready])
            do {
                try await waitUntil("the clients are connected") { try await ChildProcess.run("test", ["-e", ready]).status == .code(0) }
            } catch {
                await process.terminate()
                throw error
            }
            return process
        }

        @Test(
            "265 half-sent requests, 300 silent connections or 150 clients that send and do not read keep nobody out, and leave nothing",
            arguments: [("half", 265), ("silent", 300), ("pipelining", 150)]
        )
        func hold(kind: String, count: Int) async throws {
            // So many scrapes at once are more than are served by default, and the 503 for one more is another matter.
            let exporter = try await Exporter(Self.target + ["--web.max-requests", "0"])
            try await withExporter(exporter) { exporter in
                let before = try await Self.memory(of: exporter)
                let clients = try await hold(kind, count, at: exporter)
                do {
                    for _ in 0..<20 {
                        let page = try await HTTP.get(exporter.url + "/metrics")
                        let health = try await HTTP.get(exporter.url + "/-/healthy")
                        #expect(page.status == 200 && health.status == 200)
                        #expect(page.seconds < 2 && health.seconds < 2, "\(page.seconds) s, \(health.seconds) s")
                    }
                    let during = try await Self.memory(of: exporter)
                    #expect(during - before < 48, "\(during - before) MiB for \(count) clients")
                    if kind != "pipelining" {
                        // The header that does not come is not waited for.
                        try await waitUntil("they are let go", timeout: .seconds(20)) {
                            Sockets.count(of: exporter.process.pid, listening: exporter.url) < 10
                        }
                    }
                } catch {
                    await clients.terminate()
                    throw error
                }
                await clients.terminate()
                try await waitUntil("no connection is left", timeout: .seconds(40)) {
                    Sockets.count(of: exporter.process.pid, listening: exporter.url) < 3
                }
                // Given back when it has been quiet for a while, which a busy machine may see later.
                _ = try await poll("what they took is given back", timeout: .seconds(30)) {
                    try await Self.memory(of: exporter) - before
                } until: {
                    $0 < 12
                }
            }
        }
    }
}
