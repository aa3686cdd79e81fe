import PostgresTestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A REST interface that answers as Patroni's does, for clusters of any size. Its address tells which cluster is meant: 127.0.0.1 one of
/// `members` members, 127.0.2.N the Nth of many.
final class FakePatroni: Sendable {
    private let process: ChildProcess
    private let reservation: PortReservation

    /// What is answered for `/cluster`.
    enum Kind: String {
        /// A leader at the first port, and its replicas at the second one, each at an address of its own.
        case addresses
        /// All members at one address.
        case sameAddress
        /// All members at one address, which is told by its name.
        case named
        /// Other members at each request.
        case everNew
        /// Odd values beside good ones.
        case odd
        /// Passwords (`S3cret-Zq7`) wherever there may be texts, but in names.
        case secrets
        /// Connections are taken, and nothing is said.
        case silent
    }

    /// - Parameters:
    ///   - primary: the leader's port.
    ///   - standby: the replicas' port.
    init(_ kind: Kind, members: Int = 3, primary: Int, standby: Int) async throws {
        reservation = try PortReservation()
        let script = try Exporter.file(Self.program)
        process = try ChildProcess(
            "python3",
            [script, "\(reservation.port)", kind.rawValue, "\(members)", "\(primary)", "\(standby)"]
        )
        try await waitUntil("the interface listens") { [process, reservation] in
            guard process.isRunning else { throw SupportFailure("it ended: \(process.output)") }
            guard let connection = Loopback.connect(to: reservation.port) else { return false }
            close(connection)
            return true
        }
    }

    /// The interface of the only cluster, or of the Nth.
    func url(_ number: Int? = nil) -> String { "http://127.0.\(number.map { "2.\($0)" } ?? "0.1"):\(reservation.port)" }

    func stop() async { await process.terminate() }

    private static let program = #"""
        import http.server, json, sys, itertools, time
        port, kind, members, primary, standby = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])
        rounds = itertools.count()

        def host(cluster, number):
            if kind in ("sameAddress", "named"):
                return "127.0.0.1" if kind == "sameAddress" else "localhost"
            return f"127.2.{cluster}.{number + 1}" if cluster else f"127.1.{number // 250}.{number % 250 + 1}"

        def listed(cluster):
            prefix = f"r{next(rounds)}-" if kind == "everNew" else "m"
            all = [{"name": f"{prefix}{n}", "role": "leader" if n == 0 else "replica", "state": "running" if n == 0 else "streaming",
                    "api_url": "http://x/patroni", "host": host(cluster, n), "port": primary if n == 0 or kind in ("sameAddress", "named") else standby,
                    "timeline": 1, "lag": 0} for n in range(members)]
            if kind == "odd":
                all[1]["port"] = f"{standby},{standby}"
                all[1]["tags"] = {"failover_priority": "high", "nofailover": None}
                all += [{"name": "bad", "role": 7, "host": "127.0.0.1", "port": "many"}, None, {"role": "replica"}]
            if kind == "secrets":
                secret = "S3cret-Zq7"
                all[1].update(host=f"127.0.0.1;password={secret}", api_url=f"http://u:{secret}@x/patroni", lag=secret, timeline=secret)
                all[2].update(port=secret, tags={"nostream": secret, "failover_priority": secret, secret: secret})
                all += [{"name": "u", "role": "replica", "conn_url": f"postgres://u:{secret}@h;password={secret}:1/d", "xlog": secret}, secret, [secret]]
            return all

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if kind == "silent":
                    time.sleep(600)
                name = self.headers["Host"].split(":")[0].split(".")
                cluster = int(name[3]) if name[2] == "2" else 0
                answer = {
                    "/patroni": {"state": "running", "role": "primary", "patroni": {"version": "4.1.5", "scope": "a", "name": "m0"}},
                    "/config": {"ttl": "S3cret-Zq7", "standby_cluster": {"host": "h password=S3cret-Zq7", "port": "S3cret-Zq7"}, "slots": "S3cret-Zq7",
                                "postgresql": {"use_slots": "S3cret-Zq7", "authentication": {"superuser": {"password": "S3cret-Zq7"}}}}
                               if kind == "secrets" else {"ttl": 30, "postgresql": {"use_slots": True}, "slots": None},
                    "/history": [[1, 100663688, "no recovery target specified", "2026-11-23T20:05:56.220131+00:00", "m0"]],
                }.get(self.path) or {"members": listed(cluster), "scope": "a"}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

        Server(("0.0.0.0", port), Handler).serve_forever()

        """#
}
