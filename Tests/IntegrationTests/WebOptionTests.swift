import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// The flags of the web server.
    @Suite(.serialized)
    struct WebOptionTests {
        private static let target = ["--dsn", "host=127.0.0.1 port=9 user=x"]

        @Test("several addresses and a socket in the file system are served alike, and the socket goes with the exporter")
        func addresses() async throws {
            let path = TemporaryRoot.uniquePath("web") + ".sock"
            let second = try PortReservation()
            let more = ["--web.listen-address", "unix:\(path)", "--web.listen-address", "127.0.0.1:\(second.port)"]
            let exporter = try await Exporter(Self.target + more)
            try await withExporter(exporter) { exporter in
                for (url, options) in [
                    (exporter.url, []), ("http://127.0.0.1:\(second.port)", []), ("http://localhost", ["--unix-socket", path]),
                ] {
                    let answer = try await HTTP.get(url + "/metrics", options)
                    #expect(answer.status == 200)
                }
                let refused = try await Exporter.refusal(Self.target + ["--web.listen-address", "127.0.0.1:\(second.port)"])
                #expect(refused.contains("cannot listen on 127.0.0.1:\(second.port)"))
            }
            #expect(try await ChildProcess.run("test", ["-e", path]).status == .code(1))
        }

        @Test("a web configuration that cannot be used ends the start, with a line for each mistake and no secret")
        func mistakes() async throws {
            let file = try Exporter.file("tls_server_config: {cert_file: nowhere.crt, key: topsecret}\nbasic_auth_users: {dave: topsecret}\n")
            let lines = try await Exporter.refusal(Self.target + ["--web.config.file", file]).split(separator: "\n")
            #expect(lines.count == 2, "\(lines)")
            #expect(lines.allSatisfy { $0.hasPrefix("pgwal_exporter: \(file):") && !$0.contains("topsecret") })
            #expect(lines.contains { $0.contains("failed to read cert_file") } && lines.contains { $0.contains(":2:26: basic_auth_users.dave: ") })
            let missing = try await Exporter.refusal(Self.target + ["--web.config.file", "/nowhere.yml"])
            #expect(missing == "pgwal_exporter: /nowhere.yml: cannot be read: no such file or directory\n")
        }

        @Test(
            "promtool, which has exporter-toolkit in it, and the exporter are of one mind about a file",
            arguments: [
                "", "tls_server_config: {cert_filse: x}", "tls_server_config: {cert_file: '', key_file: x}",
                "tls_server_config: {cert_file: x, key_file: x}",
                "basic_auth_users: {john: doe}", "tls_server_config: {cipher_suites: [X]}", "tls_server_config: {min_version: TLS12}",
                "tls_server_config: {curve_preferences: [CurveP257]}", "tls_server_config: {min_version: TLS111}", "words and words",
                "http_server_config: {headers: {X-Content-Type-Options: sniff}}", "http_server_config: {headers: {Content-Type: foo}}",
                "http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: 1}}", "http_server_config: {http2: yes}",
                "http_server_config: {http2: 'false'}", "rate_limits: {}", "tls_server_config: {}\ntls_server_config: {}",
            ]
        )
        func promtool(yaml: String) async throws {
            let file = try Exporter.file(yaml)
            let isGood = try await ChildProcess.run("promtool", ["check", "web-config", file]).status == .code(0)
            // It is told what is wrong with the file, or that it cannot listen there.
            let said = try await Exporter.refusal(Self.target + ["--web.config.file", file, "--web.listen-address", "192.0.2.1:1"])
            #expect(said.contains("cannot listen") == isGood && said.contains("pgwal_exporter: \(file):") == !isGood, "\(said)")
            let check = try await ChildProcess.run(Exporter.path, ["config"] + Self.target + ["--web.config.file", file])
            // What is odd and allowed is told as well.
            #expect((check.status == .code(0)) == isGood && (isGood || check.errors.contains("pgwal_exporter: \(file):")), "\(check.errors)")
        }

        @Test("sockets of systemd are served, and nothing else; without them it is said")
        func systemd() async throws {
            let reservation = try PortReservation()
            let program = """
                import os, socket, sys
                listener = socket.socket()
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("127.0.0.1", int(sys.argv[1])))
                if sys.argv[2] == "listens":
                    listener.listen(10)
                os.dup2(listener.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
                os.execv(sys.argv[3], sys.argv[3:])
                """
            let command = [Exporter.path, "serve", "--web.systemd-socket", "--web.listen-address", "127.0.0.1:1"] + Self.target
            let refused = try await ChildProcess.run("python3", ["-c", program, "\(reservation.port)", "does not"] + command)
            #expect(refused.status == .code(1) && refused.errors.contains("descriptor 3 from systemd does not listen"), "\(refused.errors)")
            let none = try await ChildProcess.run(command[0], Array(command.dropFirst()))
            #expect(none.status == .code(1) && none.errors.contains("no socket activation file descriptors found"))
            let process = try ChildProcess("python3", ["-c", program, "\(reservation.port)", "listens"] + command)
            do {
                try await waitUntil("it serves") { try await HTTP.get("http://127.0.0.1:\(reservation.port)/-/ready").status == 200 }
            } catch {
                await process.terminate()
                throw error
            }
            await process.terminate()
        }

        @Test("scrapes beyond --web.max-requests are refused at once; other paths are not counted")
        func maximumRequests() async throws {
            let silent = try PortReservation()
            let listener = try ChildProcess(
                "python3",
                ["-c", "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', \(silent.port))); s.listen(9); time.sleep(60)"]
            )
            do {
                try await waitUntil("it listens") {
                    guard let connection = Loopback.connect(to: silent.port) else { return false }
                    close(connection)
                    return true
                }
                let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=\(silent.port) user=x", "--web.max-requests", "1"])
                try await withExporter(exporter) { exporter in
                    // Between two attempts to connect the target is known to be down, and nobody waits for it.
                    try await waitUntil("one waits, and two are refused", timeout: .seconds(60)) {
                        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                            for _ in 0..<3 {
                                group.addTask {
                                    let answer = try await HTTP.get(exporter.url + "/metrics", ["-H", "X-Prometheus-Scrape-Timeout-Seconds: 3"])
                                    if answer.status == 503 { #expect(answer.body.contains("Limit of concurrent requests reached (1)")) }
                                    return answer.status
                                }
                            }
                            let health = try await HTTP.get(exporter.url + "/-/healthy")
                            #expect(health.status == 200)
                            return try await group.reduce(into: []) { $0.append($1) }
                        }
                        return statuses.sorted() == [200, 503, 503]
                    }
                }
            } catch {
                await listener.terminate()
                throw error
            }
            await listener.terminate()
        }

        @Test("what is left out and what /sd says follows the flags; what a Host says must be one")
        func selfMetricsAndURL() async throws {
            let flags = ["--web.disable-exporter-metrics", "--web.external-url", "https://proxy.example:8443/pgwal/"]
            let exporter = try await Exporter(Self.target + flags)
            try await withExporter(exporter) { exporter in
                _ = try await HTTP.get(exporter.url + "/nowhere")
                let page = try await exporter.page()
                #expect(page.names([:]).allSatisfy { !$0.hasPrefix("process_") })
                #expect(try page.value("pgwal_http_requests_total", ["handler": "other", "code": "404"]) == 1)
                #expect(try page.value("pgwal_http_requests_in_flight") == 1)
                let discovery = try await HTTP.get(exporter.url + "/sd", ["-H", "Host: evil <x>"])
                for part in ["proxy.example:8443", "\"__scheme__\":\"https\"", "\"__metrics_path__\":\"/pgwal/probe\""] {
                    #expect(discovery.body.contains(part), "\(discovery.body)")
                }
            }
            let plain = try await Exporter(Self.target)
            try await withExporter(plain) { exporter in
                for host in ["evil <x>", "a/b", "a:0", "a:99999", "[::1", "a b", "\"", "user@host"] {
                    let answer = try await HTTP.get(exporter.url + "/sd", ["-H", "Host: \(host)"])
                    #expect(answer.status == 400, "\(host): \(answer.status) \(answer.body)")
                }
                let answer = try await HTTP.get(exporter.url + "/sd", ["-H", "Host: [2001:db8::1]:80"])
                #expect(answer.body.contains("[2001:db8::1]:80"))
                let landing = try await HTTP.get(exporter.url + "/")
                let policy = landing.headers["content-security-policy"] ?? ""
                let nonce = policy.split(separator: "nonce-").last?.prefix { $0 != "'" } ?? ""
                #expect(landing.body.contains("<style nonce=\"\(nonce)\">") && nonce.count > 15, "\(policy)")
                #expect(!landing.body.contains(" style=") && !landing.body.contains("<script"), "the policy forbids them")
            }
        }
    }
}
