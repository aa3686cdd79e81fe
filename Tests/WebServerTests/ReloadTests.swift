import PostgresTestSupport
import Testing

@testable import WebServer

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a change of the file does, to requests and to handshakes.
struct ReloadTests {
    private static let tls = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"

    private static func status(_ server: HelloServer, _ options: [String] = [], scheme: String = "http") async throws -> String {
        try await server.curl(options, scheme: scheme).status
    }

    @Test("Requests follow the file: what breaks it is a 500, and a good one works at once")
    func requests() async throws {
        try await HelloServer.run("", files: try await TestFiles.shared.value.copy()) { server in
            #expect(try await Self.status(server) == "200")
            for bad in ["cert: x", "tls_server_config: [", "http_server_config: {headers: {Foo: bar}}", "tls_server_config: {min_version: TLS9}"] {
                try server.change(to: bad)
                let answer = try await server.curl(scheme: "http")
                #expect(answer.status == "500" && answer.body == "Internal Server Error\n", "\(bad)")
            }
            unlink(server.files.path(server.name))
            #expect(try await Self.status(server) == "500")
            // A section whose files are missing does a plain server no harm, and makes it no other.
            try server.change(to: "tls_server_config: {cert_file: none, key_file: none}")
            #expect(try await Self.status(server) == "200")
            try server.change(
                to: "basic_auth_users: {dave: \(try PasswordTests.hash("dave123"))}\nhttp_server_config: {headers: {X-Frame-Options: deny}}"
            )
            let refused = try await server.curl(scheme: "http")
            #expect(refused.status == "401" && refused.details.contains("X-Frame-Options: deny"))
            #expect(try await Self.status(server, ["--user", "dave:dave123"]) == "200")
            try server.change(to: "basic_auth_users: {dave: doe}")
            #expect(try await Self.status(server, ["--user", "dave:doe"]) == "401")
            try server.change(to: "rate_limit: {interval: 1h, burst: 0}")
            #expect(try await Self.status(server) == "200", "only what was there at the start limits")
        }
    }

    @Test("A rate limit of the start stays, whatever becomes of the file, and comes before passwords")
    func rateLimit() async throws {
        let limited = "rate_limit: {interval: 1h, burst: 2}\nbasic_auth_users: {dave: \(try PasswordTests.hash("dave123"))}"
        try await HelloServer.run(limited, files: try await TestFiles.shared.value.copy()) { server in
            #expect(try await Self.status(server) == "401")
            try server.change(to: "")
            #expect(try await Self.status(server) == "200")
            let answer = try await server.curl(scheme: "http")
            #expect(answer.status == "429" && answer.body == "Too Many Requests\n")
        }
    }

    @Test("Handshakes follow the files; what is open goes on, and the server's fault is told as such")
    func handshakes() async throws {
        let files = try await TestFiles.shared.value.copy()
        try await HelloServer.run(Self.tls, files: files) { server in
            func isFault() async throws -> Bool {
                let answer = try await server.curl()
                return answer.code == 35 && answer.details.contains("alert internal error")
            }
            let open = try OpenConnection(to: server)
            #expect(try await open.request() == 200)
            try await files.shell("mv server.key away")
            #expect(try await isFault())
            #expect(try await open.request() == 200, "certificates are no matter for requests")
            try await files.shell("cp server2.key server.key")
            #expect(try await isFault(), "the key of another certificate")
            try await files.shell("cp away server.key")
            #expect(try await server.curl().status == "200")
            for bad in [
                "", "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: x}",
                "tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.pem}", "nonsense: 1",
            ] {
                try server.change(to: bad)
                #expect(try await isFault(), "\(bad)")
            }
            #expect(try await server.curl(scheme: "http").body.contains("Client sent an HTTP request to an HTTPS server."))
            #expect(try await open.request() == 500)
            try server.change(to: "")
            #expect(try await open.request() == 200)
            try server.change(to: Self.tls)
            // The names in the certificate tell that it is the other one now.
            try await files.shell("cp server_ecdsa.crt server.crt; cp server_ecdsa.key server.key")
            let changed = try await server.curl()
            #expect(changed.status == "200" && changed.details.contains("CN=server_ecdsa"))
            await open.end()
        }
    }

    @Test("A server that blocked everybody serves when its file is replaced (37)")
    func blocking() async throws {
        let blocking = "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert}"
        try await HelloServer.run(blocking, files: try await TestFiles.shared.value.copy()) { server in
            #expect(try await server.curl().code != 0)
            try server.change(to: Self.tls)
            #expect(try await server.curl().status == "200")
        }
    }
}

/// A connection that is kept open between requests.
private struct OpenConnection {
    private let process: ChildProcess
    private let folder: String

    init(to server: HelloServer) throws {
        folder = try TemporaryRoot.makeDirectory("open")
        let program = """
            import http.client, os, ssl, sys, time
            folder, port, authority = sys.argv[1:]
            context = ssl.create_default_context(cafile=authority)
            connection = http.client.HTTPSConnection("localhost", int(port), context=context, timeout=10)
            connection.connect()
            connection.auto_open = 0
            number = 1
            while True:
                while not os.path.exists(f"{folder}/ask{number}"):
                    time.sleep(0.01)
                try:
                    connection.request("GET", "/")
                    answer = connection.getresponse()
                    answer.read()
                    result = str(answer.status)
                except Exception as error:
                    result = f"0 {error!r}"
                with open(f"{folder}/part", "w") as file:
                    file.write(result)
                os.rename(f"{folder}/part", f"{folder}/answer{number}")
                number += 1
            """
        process = try ChildProcess("python3", ["-c", program, folder, "\(server.port)", server.files.path("ca.pem")])
    }

    private let count = Counter()

    /// The status of one more request; 0: the connection is gone.
    func request() async throws -> Int {
        let number = count.next()
        let files = TestFiles(folder: folder)
        try files.write("ask\(number)", "")
        try await waitUntil("an answer") { access(files.path("answer\(number)"), R_OK) == 0 }
        let answer = try files.read("answer\(number)")
        return answer.split(separator: " ").first.flatMap { Int($0) } ?? 0
    }

    func end() async {
        await process.terminate()
    }

    private final class Counter {
        private var last = 0
        func next() -> Int {
            last += 1
            return last
        }
    }
}
