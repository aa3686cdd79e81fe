import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// Members found through Patroni: their number, their addresses, and what Patroni says, are not ours to trust.
    @Suite(.serialized)
    struct PatroniFleetTests {
        @Test("A cluster of 100 members, each a target of real servers: the page is quick, and has no list of all members for each of them")
        func manyMembers() async throws {
            try await withPair { primary, standby in
                try await withPatroni(.addresses, members: 100, primary, standby, "max_members: 200") { exporter in
                    _ = try await exporter.page(until: "all are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 100 }
                    let answer = try await HTTP.get(exporter.url + "/metrics")
                    print("page of 100 members: \(answer.seconds) s, \(answer.body.utf8.count) bytes")
                    #expect(answer.seconds < 10)
                    let page = try Page(answer.body)
                    #expect(page.all("pgwal_slot_expected", ["source": "patroni"]).count == 99)
                    #expect(page.all("pgwal_slot_expected", ["target": "c0/m0"]).count == 99)
                    let topology = try await HTTP.get(exporter.url + "/api/v1/topology")
                    print("topology of 100 members: \(topology.seconds) s")
                    #expect(topology.status == 200 && topology.seconds < 10)
                }
            }
        }

        @Test("Thirty clusters of three")
        func manyClusters() async throws {
            try await withPair { primary, standby in
                let patroni = try await FakePatroni(.addresses, members: 3, primary: primary.port, standby: standby.port)
                let urls = (1...30).map { patroni.url($0) }
                let exporter = try await Exporter(["--config.file", Exporter.file(configuration(urls, primary))])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "all are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 90 }
                    let answer = try await HTTP.get(exporter.url + "/metrics")
                    print("page of 30 clusters: \(answer.seconds) s")
                    #expect(answer.seconds < 10)
                }
                await patroni.stop()
            }
        }

        @Test("A hundred members at one address are one connection, and ever-new ones are no more than the limit")
        func connections() async throws {
            try await withPair { primary, standby in
                let sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                try await withPatroni(.sameAddress, members: 100, primary, standby) { exporter in
                    let page = try await exporter.page(until: "it is up") { $0.all("pgwal_up").contains { $0.value == 1 } }
                    #expect(page.all("pgwal_up").count == 1)
                    #expect(try await primary.psql(sessions) == "1")
                    #expect(exporter.process.output.contains("are at the address of another one"))
                }
                try await withPatroni(.everNew, members: 4, primary, standby, "max_members: 5") { exporter in
                    var targets: Set<String> = []
                    // Other names at each poll, at the same addresses.
                    _ = try await exporter.page(until: "many names have passed") { page in
                        let present = Set(page.all("pgwal_up").keys.compactMap { $0.labels["target"] })
                        #expect(present.count <= 5)
                        targets.formUnion(present)
                        return targets.count >= 16
                    }
                    #expect(Int(try await standby.psql(sessions)) ?? 100 <= 5)
                }
            }
        }

        @Test("What is odd in Patroni's answer costs itself, and is told once")
        func oddAnswer() async throws {
            try await withPair { primary, standby in
                try await withPatroni(.odd, members: 3, primary, standby) { exporter in
                    let page = try await exporter.page(until: "all are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 3 }
                    #expect(page.all("pgwal_patroni_up").values.allSatisfy { $0 == 1 })
                    #expect(try page.value("pgwal_patroni_members", ["role": "unknown"]) == 1)
                    try await waitUntil("several polls") { exporter.process.output.contains("members[3].port: expected a port") }
                    #expect(exporter.process.output.ranges(of: "members[3].port").count == 1)
                }
            }
        }

        @Test("A member that asks for the password in clear text does not get it, and the page says which key would allow that")
        func greedyMember() async throws {
            let server = try await HostileServer(["auth:clear"], options: ["--record"])
            let patroni = try await FakePatroni(.sameAddress, members: 1, primary: server.port, standby: server.port)
            func text(_ dsn: String) -> String {
                "patroni: [{name: c, urls: [\"\(patroni.url())\"], interval: 1s, dsn: \"user=monitor password=secret gssencmode=disable \(dsn)\"}]"
            }
            let exporter = try await Exporter(["--config.file", Exporter.file(text("dbname=postgres"))])
            try await withExporter(exporter) { exporter in
                _ = try await exporter.page(until: "it was tried") { try $0.value("pgwal_up") == 0 }
                let reason = "asks for the password in clear text, which a server that Patroni names does not get; require_auth=password in the dsn"
                #expect(try await HTTP.get(exporter.url + "/").body.contains(reason))
                #expect(exporter.process.output.contains(reason))
                #expect(!exporter.process.output.contains("secret"))
            }
            let taken = try await server.taken()
            #expect(taken.isEmpty)
            let allowing = try await Exporter(["--config.file", Exporter.file(text("require_auth=password"))])
            try await withExporter(allowing) { exporter in
                // It is none that a collection could work with; but it got what the configuration allows.
                try await waitUntil("the password was sent") {
                    try await server.taken().contains { $0.kind == "p" && $0.body.starts(with: "secret".utf8) }
                }
            }
            await patroni.stop()
            await server.stop()
        }

        @Test("A target of the file gets what the environment allows, where its connection string says nothing")
        func environmentalRule() async throws {
            let server = try await HostileServer(["auth:md5"], options: ["--record"])
            let words = "asks for the password as an MD5 hash, which PGREQUIREAUTH does not allow; it allows scram-sha-256"
            let exporter = try await Exporter(["--dsn", server.conninfo], environment: ["PGREQUIREAUTH": "scram-sha-256"])
            try await withExporter(exporter) { exporter in
                _ = try await exporter.page(until: "it was tried") { try $0.value("pgwal_up") == 0 }
                #expect(exporter.process.output.contains(words), "\(exporter.process.output)")
            }
            let wrong = try await ChildProcess.run(Exporter.path, ["collect", "--dsn", server.conninfo], environment: ["PGREQUIREAUTH": "sEcret"])
            #expect(wrong.status == .code(1))
            #expect(wrong.errors.hasPrefix("pgwal_exporter: --dsn: PGREQUIREAUTH: expected one or more of password, md5"), "\(wrong.errors)")
            #expect(!wrong.errors.contains("sEcret"))
            let taken = try await server.taken()
            #expect(taken.isEmpty)
            await server.stop()
        }

        @Test("A password for REST over plain HTTP to another host is warned of")
        func exposedPassword() async throws {
            // Addresses that lead nowhere.
            let urls = "\"http://192.0.2.1:8008\", \"https://192.0.2.1\", \"http://127.0.0.1:9\""
            let text = "patroni: [{name: c, urls: [\(urls)], dsn: \"\", timeout: 100ms, basic_auth: {username: u, password: sEcret}}]"
            let exporter = try await Exporter(["--config.file", Exporter.file(text)])
            try await withExporter(exporter) { exporter in
                _ = try await exporter.page(until: "it was asked") { $0.all("pgwal_patroni_up").count == 3 }
                let line = try #require(exporter.process.output.split(separator: "\n").first { $0.contains("goes over the network in clear text") })
                #expect(line.contains("http://192.0.2.1:8008") && !line.contains("https://192") && !line.contains("127.0.0.1"))
                #expect(!exporter.process.output.contains("sEcret"))
            }
        }

        @Test("Members outside members_within are told in log, page and metrics, and not connected to")
        func confined() async throws {
            try await withPair { primary, standby in
                let sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                // The leader is 127.1.0.1, its replicas are 127.1.0.2 and 127.1.0.3.
                let keys = "members_within: [127.1.0.2/31, \"fd00::/8\"]"
                try await withPatroni(.addresses, members: 3, primary, standby, keys) { exporter in
                    let page = try await exporter.page(until: "the replicas are up") { $0.all("pgwal_up").filter { $0.value == 1 }.count == 2 }
                    #expect(Set(page.all("pgwal_up").keys.compactMap { $0.labels["target"] }) == ["c0/m1", "c0/m2"])
                    #expect(try page.value("pgwal_patroni_unwatched_members", ["reason": "outside"]) == 1)
                    #expect(try page.value("pgwal_patroni_members", ["role": "leader"]) == 1)
                    #expect(exporter.process.output.contains("outside members_within: m0"))
                    let html = try await HTTP.get(exporter.url + "/").body
                    #expect(html.contains("patroni_members_unwatched") && html.contains("outside members_within: m0"))
                    #expect(try await primary.psql(sessions) == "0")
                }
            }
        }

        @Test("A member told by its name is looked up once, and connected to where it may be")
        func confinedName() async throws {
            try await withPair { primary, standby in
                for (range, isUp) in [("127.0.0.0/8", true), ("10.0.0.0/8", false)] {
                    try await withPatroni(.named, members: 1, primary, standby, "members_within: [\(range)]") { exporter in
                        let page = try await exporter.page(until: "it was tried") { try $0.value("pgwal_up") != nil }
                        #expect(try page.value("pgwal_up") == (isUp ? 1 : 0))
                        let words = "which leads to"
                        #expect(exporter.process.output.contains(words) == !isUp)
                        #expect(exporter.process.output.contains("127.0.0.1, is outside members_within") == !isUp)
                    }
                }
            }
        }

        @Test("A Patroni that hangs costs nobody else's time: the first page has the targets of the file")
        func silentPatroni() async throws {
            try await withPair { primary, standby in
                let patroni = try await FakePatroni(.silent, primary: primary.port, standby: standby.port)
                let text = configuration([patroni.url()], primary, "timeout: 30s") + "targets: [{name: own, dsn: \"\(primary.conninfo())\"}]\n"
                let exporter = try await Exporter(["--config.file", Exporter.file(text)])
                try await withExporter(exporter) { exporter in
                    let answer = try await HTTP.get(exporter.url + "/metrics", ["--header", "X-Prometheus-Scrape-Timeout-Seconds: 4"])
                    let page = try Page(answer.body)
                    #expect(try page.value("pgwal_up", ["target": "own"]) == 1)
                    #expect(try page.value("pgwal_collection_duration_seconds", ["target": "own"]) ?? 0 < 3)
                    #expect(answer.seconds < 3.5)
                    #expect(try page.value("pgwal_patroni_up") == 0)
                    let probe = try await HTTP.get(exporter.url + "/probe?target=own", ["--header", "X-Prometheus-Scrape-Timeout-Seconds: 2"])
                    #expect(try Page(probe.body).value("pgwal_up") == 1)
                }
                await patroni.stop()
            }
        }

        // MARK: - Making

        private func withPair(_ body: (PostgresServer, PostgresServer) async throws -> Void) async throws {
            try await withServers {
                let settings = ["listen_addresses": "0.0.0.0", "max_connections": "400"]
                let primary = try await PostgresServer.primary(version: 15, settings: settings)
                let standby = try await PostgresServer.standby(of: primary, settings: settings)
                try await body(primary, standby)
            }
        }

        private func withPatroni(
            _ kind: FakePatroni.Kind,
            members: Int,
            _ primary: PostgresServer,
            _ standby: PostgresServer,
            _ keys: String = "timeout: 2s",
            _ body: (Exporter) async throws -> Void
        ) async throws {
            let patroni = try await FakePatroni(kind, members: members, primary: primary.port, standby: standby.port)
            let exporter = try await Exporter(["--config.file", Exporter.file(configuration([patroni.url()], primary, keys))])
            try await withExporter(exporter) { try await body($0) }
            await patroni.stop()
        }

        private func configuration(_ urls: [String], _ server: PostgresServer, _ keys: String = "timeout: 2s") -> String {
            // Patroni tells host and port.
            let conninfo = server.conninfo(user: PostgresServer.replicationUser, password: PostgresServer.replicationPassword, over: .tcp)
            let dsn = conninfo.split(separator: " ").filter { !$0.hasPrefix("host=") && !$0.hasPrefix("port=") }.joined(separator: " ")
            let clusters = urls.enumerated().map { "  - {name: c\($0), urls: [\"\($1)\"], interval: 1s, \(keys), dsn: \"\(dsn)\"}\n" }
            return "patroni:\n" + clusters.joined()
        }
    }
}
