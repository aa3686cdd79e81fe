import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// The programs that docs/role-checks.md is written for, with the configurations that it shows.
    @Suite(.serialized)
    struct RoleCheckUserTests {
        @Test("HAProxy, one exporter for all servers: writes follow the primary, reads go to the standby that is not behind")
        func haproxyWithOneExporter() async throws {
            try await withServers {
                let (a, b) = try await pair()
                let exporter = try await Exporter(targets: [("orders-a", a.conninfo()), ("orders-b", b.conninfo())])
                try await withExporter(exporter) { exporter in
                    let text = try Documentation.block(of: "role-checks.md", "haproxy", containing: "defaults").substituting([
                        "10.77.1.11:5432": "127.0.0.1:\(a.port)", "10.77.1.12:5432": "127.0.0.1:\(b.port)",
                        "addr 10.77.9.1 port 10195": "addr 127.0.0.1 port \(exporter.port)",
                    ])
                    try await waitUntil("b is known to have no lag") {
                        try await HTTP.get(exporter.url + "/role/standby?target=orders-b&max_lag=1s").status == 200
                    }
                    let proxy = try await HAProxy(text, ports: [":5000", ":5001"])
                    try await proxy.waitUntilDown("orders_write/orders-b")
                    try await proxy.waitUntilDown("orders_read/orders-a")
                    #expect(try await proxy.leads(":5000", to: a))
                    #expect(try await proxy.leads(":5001", to: b))

                    try await b.execute("SELECT pg_wal_replay_pause()")
                    let pause = ContinuousClock.now
                    try await a.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                    try await waitUntil("reads find nobody: b is ten seconds behind") { await proxy.isRefused(":5001") }
                    #expect(ContinuousClock.now - pause > .seconds(8), "not before that")
                    #expect(try await proxy.leads(":5000", to: a))
                    try await b.execute("SELECT pg_wal_replay_resume()")
                    try await waitUntil("reads go to b again") { try await proxy.leads(":5001", to: b) }

                    try await a.stop()
                    try await waitUntil("writes find nobody") { await proxy.isRefused(":5000") }
                    try await b.promote()
                    try await waitUntil("writes go to b") { try await proxy.leads(":5000", to: b) }
                    try await waitUntil("reads find nobody") { await proxy.isRefused(":5001") }
                    await proxy.stop()
                }
            }
        }

        @Test("HAProxy, an exporter beside each server: writes follow the primary; a session at one that hangs is ended")
        func haproxyWithTwoExporters() async throws {
            try await withServers {
                let (a, b) = try await pair()
                let besideA = try await Exporter(targets: [("a", a.conninfo())])
                let besideB = try await Exporter(targets: [("b", b.conninfo())])
                try await withExporter(besideA) { besideA in
                    try await withExporter(besideB) { besideB in
                        let blocks = try [
                            // The defaults of the first example go with the second one.
                            String(Documentation.block(of: "role-checks.md", "haproxy", containing: "defaults").prefixOfDefaults),
                            Documentation.block(of: "role-checks.md", "haproxy", containing: "uri /role/primary").substituting([
                                "10.77.1.11:5432 check port 10195": "127.0.0.1:\(a.port) check port \(besideA.port)",
                                "10.77.1.12:5432 check port 10195": "127.0.0.1:\(b.port) check port \(besideB.port)",
                            ]),
                        ]
                        let proxy = try await HAProxy(blocks.joined(separator: "\n"), ports: [":5000"])
                        try await proxy.waitUntilDown("orders_write/orders-b")
                        #expect(try await proxy.leads(":5000", to: a))
                        let session = try proxy.session(":5000")
                        _ = try await poll("there is a session at a") {
                            let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'through the proxy'"
                            return try await "\(a.psql(sessions)) \(session.output)"
                        } until: {
                            $0 == "1 "
                        }
                        a.freeze()
                        defer { a.thaw() }
                        let status = try await session.waitForExit(timeout: .seconds(20))
                        #expect(status != .code(0))
                        #expect(session.output.contains("server closed the connection"), "\(session.output)")
                        try await b.promote()
                        try await waitUntil("writes go to b") { try await proxy.leads(":5000", to: b) }

                        // Without its exporter a server is not known to be the primary.
                        await besideB.stop()
                        try await waitUntil("writes find nobody") { await proxy.isRefused(":5000") }
                        await proxy.stop()
                    }
                }
            }
        }

        @Test("keepalived: the address is where the primary is", .enabled(if: getuid() == 0, "network namespaces need root"))
        func keepalived() async throws {
            try await withServers {
                let host: NetworkNamespace
                switch try await NetworkNamespace.make(address: "10.77.1.11/24") {
                case .success(let made): host = made
                case .failure(let reason): try Test.cancel("\(reason)")
                }
                let (a, b) = try await pair()
                // Network addresses lead to nobody in there, but Unix sockets do.
                let exporter = try host.start(Exporter.path, ["serve", "--dsn", b.conninfo()])
                let check = "http://127.0.0.1:10195/role/primary"
                try await waitUntil("the exporter says that b is a standby") { try await host.status(check) == "503" }

                let folder = try TemporaryRoot.makeDirectory("keepalived")
                let keepalived = try host.start(
                    "keepalived",
                    [
                        "--dont-fork", "--log-console", "--vrrp", "--pid", "\(folder)/pid", "--vrrp_pid", "\(folder)/vrrp", "--use-file",
                        try Exporter.file(Documentation.block(of: "role-checks.md", "keepalived", containing: "is_primary")),
                    ]
                )
                _ = try await poll("keepalived has asked") {
                    guard keepalived.isRunning else { throw SupportFailure(keepalived.output) }
                    return keepalived.output
                } until: {
                    $0.contains("VRRP_Script(is_primary) failed")
                }
                #expect(try await host.addresses() == ["10.77.1.11/24"])

                try await a.stop()
                try await b.promote()
                do {
                    try await waitUntil("the address is there") { try await host.addresses().contains("10.77.1.100/24") }
                    b.freeze()
                    try await waitUntil("the address is gone") { try await host.addresses() == ["10.77.1.11/24"] }
                    b.thaw()
                    try await waitUntil("the address is back") { try await host.addresses().contains("10.77.1.100/24") }
                    await exporter.terminate()
                    try await waitUntil("the address is gone again") { try await host.addresses() == ["10.77.1.11/24"] }
                } catch {
                    throw SupportFailure("\(error)\nkeepalived says:\n\(keepalived.output)")
                }
                await keepalived.terminate()
                await host.stop()
            }
        }

        /// A primary and its standby, with a password for what comes through the proxy.
        private func pair() async throws -> (a: PostgresServer, b: PostgresServer) {
            let a = try await PostgresServer.primary(version: 15, name: "a")
            try await a.execute("ALTER ROLE postgres PASSWORD '\(HAProxy.password)'")
            let b = try await PostgresServer.standby(of: a, name: "b")
            try await b.waitUntilReplayed(a)
            return (a, b)
        }
    }
}

extension String {
    /// The part of HAProxy's configuration before its first `listen`.
    fileprivate var prefixOfDefaults: Substring {
        firstRange(of: "\nlisten").map { self[..<$0.lowerBound] } ?? ""
    }
}

/// The real HAProxy.
private struct HAProxy {
    /// Of the role postgres, for the sessions through the proxy.
    static let password = "proxy-secret"

    private let process: ChildProcess
    private let ports: [String: PortReservation]

    /// - Parameter ports: what the configuration binds to; each becomes a free port.
    init(_ configuration: String, ports names: [String]) async throws {
        var text = configuration
        var ports: [String: PortReservation] = [:]
        for name in names {
            let port = try PortReservation()
            text = try text.substituting(["bind \(name)\n": "bind 127.0.0.1:\(port.port)\n"])
            ports[name] = port
        }
        self.ports = ports
        // -db stays in the foreground.
        process = try ChildProcess("haproxy", ["-db", "-f", try Exporter.file(text)])
        let process = process
        try await waitUntil("HAProxy listens") {
            guard process.isRunning else { throw SupportFailure("it ended: \(process.output)") }
            return ports.values.allSatisfy { port in
                guard let connection = Loopback.connect(to: port.port) else { return false }
                close(connection)
                return true
            }
        }
    }

    /// Waits until a check has failed, for at first all servers are taken to be up.
    func waitUntilDown(_ server: String) async throws {
        let process = process
        _ = try await poll("\(server) is down", read: { process.output }, until: { $0.contains("Server \(server) is DOWN") })
    }

    /// Whether a port of the proxy leads to this server alone: to another one it would lead in turn.
    func leads(_ name: String, to server: PostgresServer) async throws -> Bool {
        for _ in 0..<2 {
            guard try await port(behind: name) == "\(server.port)" else { return false }
        }
        return true
    }

    /// Whether the proxy has no server for a port: it closes the connection at once.
    func isRefused(_ name: String) async -> Bool {
        do {
            _ = try await port(behind: name)
            return false
        } catch {
            return "\(error)".contains("server closed the connection unexpectedly")
        }
    }

    private func port(behind name: String) async throws -> String {
        let outcome = try await ChildProcess.run(
            PostgresInstallation.newestOfSystem().tool("psql"),
            ["-XAtq", "-d", conninfo(name), "-c", "SHOW port"],
            timeout: .seconds(20)
        )
        guard outcome.status == .code(0) else { throw SupportFailure("\(outcome.errors)\(process.output)") }
        return outcome.output.split(separator: "\n").joined()
    }

    /// A session that stays until it is ended.
    func session(_ name: String) throws -> ChildProcess {
        try ChildProcess(PostgresInstallation.newestOfSystem().tool("psql"), ["-X", "-d", conninfo(name), "-c", "SELECT pg_sleep(600)"])
    }

    func stop() async {
        await process.terminate()
    }

    private func conninfo(_ name: String) -> String {
        let port = ports[name]?.port ?? 0
        let session = "user=postgres dbname=postgres application_name='through the proxy' connect_timeout=10"
        return "host=127.0.0.1 port=\(port) password=\(Self.password) \(session)"
    }
}
