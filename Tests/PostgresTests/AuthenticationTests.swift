import Foundation
import PostgresTestSupport
import Testing

@testable import Postgres

extension ServerTests {
    /// Each against a server that keeps what it gets: a password that is on the wire is lost, whatever comes after.
    @Suite("Credentials, and servers that ask for them", .timeLimit(.minutes(5)))
    struct AuthenticationTests {
        private static let requests = [
            ("clear", "the server asks for the password in clear text"), ("clear-in-bits", "the server asks for the password in clear text"),
            ("md5", "the server asks for the password as an MD5 hash"), ("kerberos", "is not known (2)"), ("unknown", "is not known (77)"),
            ("long", "out of turn"), ("sasl-unknown", "SASL authentication mechanisms are supported"),
            ("oauth", "the server asks for an OAuth token"),
            ("sspi", "GSSAPI"), ("gss", "GSSAPI"), ("scram-and-clear", "the server asks for the password in clear text"),
        ]

        @Test("A server that Patroni names gets nothing of a password, in clear and through TLS", arguments: requests, [false, true])
        func tellsMembersNothing(request: (mode: String, words: String), isTLS: Bool) async throws {
            try await withServer(request.mode, isTLS: isTLS) { server, parameters in
                let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                #expect(error?.code == .connectionFailed)
                #expect(error?.message.contains(request.words) == true, "\(error as Any)")
                let taken = try await server.taken()
                #expect(taken.isEmpty, "\(taken)")
            }
        }

        @Test("One that asks for something else first, and then for the password", arguments: [false, true])
        func changesItsMind(isTLS: Bool) async throws {
            try await withServer("scram-then-clear", isTLS: isTLS) { server, parameters in
                let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                #expect(error?.message.hasPrefix("the server asks for the password in clear text, which a server that Patroni names") == true)
                let taken = try await server.taken()
                // The first message of SCRAM, which has a random number in it and nothing of ours.
                #expect(taken.map(\.kind) == ["p"] && taken.allSatisfy { !Self.tells($0.body) }, "\(taken)")
            }
        }

        @Test("One that keeps the proof that we know the password, and gives none, is not believed", arguments: [false, true])
        func wantsProof(isTLS: Bool) async throws {
            try await withServer("scram-early", isTLS: isTLS) { server, parameters in
                let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                #expect(error?.message == "the server ends its scram-sha-256 authentication before it has proved who it is")
            }
        }

        @Test("What the connection string allows is given, and it is what the recording would show", arguments: [false, true])
        func givesWhatIsAllowed(isTLS: Bool) async throws {
            for (mode, rule) in [("clear", "password"), ("clear-in-bits", "password"), ("md5", "md5,scram-sha-256"), ("clear", "!md5")] {
                try await withServer(mode, isTLS: isTLS, "require_auth=\(rule)") { server, parameters in
                    let session = Session(parameters)
                    try await session.connect()
                    #expect(try await session.value("SELECT 1") == "1")
                    await session.close()
                    let taken = try await server.taken()
                    #expect(taken.first?.kind == "p")
                    #expect(taken.first.map { Self.tells($0.body) } == true, "\(taken)")
                }
            }
        }

        @Test("A server of our own is told what libpq tells it, unless its connection string says otherwise", arguments: [false, true])
        func leavesOwnServers(isTLS: Bool) async throws {
            try await withServer("clear", isTLS: isTLS) { server, parameters in
                var parameters = parameters
                parameters.authentication = nil
                let session = Session(parameters)
                try await session.connect()
                await session.close()
                let taken = try await server.taken()
                #expect(taken.contains { Self.tells($0.body) })
            }
            try await withServer("clear", isTLS: isTLS, "require_auth=scram-sha-256") { server, parameters in
                var parameters = parameters
                parameters.authentication = nil
                let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                #expect(
                    error?.message
                        == "the server asks for the password in clear text, which require_auth of the connection string does not allow; it allows scram-sha-256"
                )
                let taken = try await server.taken()
                #expect(taken.isEmpty, "\(taken)")
            }
        }

        @Test("The message says which key allows it")
        func saysWhatAllowsIt() async throws {
            let words = [
                "clear": "require_auth=password in the dsn of the Patroni cluster allows it, best with sslmode=verify-full",
                "md5": "require_auth=md5,scram-sha-256 in the dsn of the Patroni cluster allows it",
            ]
            for (mode, advice) in words {
                try await withServer(mode, isTLS: false) { _, parameters in
                    let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                    #expect(error?.message.hasSuffix(", which a server that Patroni names does not get; \(advice)") == true, "\(error as Any)")
                }
            }
        }

        @Test("Without channel binding that is required, nothing is sent", arguments: ["scram-offer", "clear", "md5"], [false, true])
        func wantsChannelBinding(mode: String, isTLS: Bool) async throws {
            try await withServer(mode, isTLS: isTLS, "channel_binding=require require_auth=!none") { server, parameters in
                let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                #expect(error?.message.contains("channel binding") == true, "\(error as Any)")
                let taken = try await server.taken()
                #expect(taken.isEmpty, "\(taken)")
            }
        }

        @Test("A no to encryption that a request comes along with")
        func looksBehindTheNo() async throws {
            // Without --tls it answers each request for encryption with a no.
            for mode in ["scram-offer", "clear"] {
                try await withServer(mode, isTLS: false, "sslmode=prefer") { server, parameters in
                    _ = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
                    let taken = try await server.taken()
                    #expect(taken.allSatisfy { !Self.tells($0.body) }, "\(taken)")
                }
            }
            try await EagerServer.gets(nothingBy: EagerServer.askingWithItsNo, "sslmode=prefer")
        }

        @Test("One that refuses us, and asks when we try again on another socket")
        func looksAtEachSocket() async throws {
            try await EagerServer.gets(nothingBy: EagerServer.askingAtTheSecondTry, "sslmode=allow")
        }

        @Test("An honest server authenticates us by SCRAM, in clear and through TLS", arguments: [false, true])
        func believesHonestOnes(isTLS: Bool) async throws {
            try await withServer("scram", isTLS: isTLS) { _, parameters in
                let session = Session(parameters)
                try await session.connect()
                #expect(try await session.value("SELECT 1") == "1")
                await session.close()
            }
        }

        @Test("Many at once, whose sockets come and go, keep to their own")
        func manyAtOnce() async throws {
            try await withServer("scram", isTLS: false) { server, parameters in
                var refused = parameters
                refused.conninfo += " require_auth=none"
                let cases = (0..<60).map { $0.isMultiple(of: 2) ? parameters : refused }
                let outcomes = await withTaskGroup { group in
                    for (index, parameters) in cases.enumerated() {
                        group.addTask {
                            let session = Session(parameters)
                            let isFine = (try? await session.connect()) != nil
                            await session.close()
                            return isFine == index.isMultiple(of: 2)
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(!outcomes.contains(false))
                try await waitUntil("all sockets are closed") { openSockets(to: server.port) == 0 }
            }
        }

        // MARK: - Making

        /// Whether somebody who reads this knows the password, or what is as good.
        private static func tells(_ bytes: [UInt8]) -> Bool {
            let text = String(decoding: bytes, as: UTF8.self)
            return text.contains("secret") || text.hasPrefix("md5")
        }

        private func withServer(
            _ mode: String,
            isTLS: Bool,
            _ more: String = "",
            _ body: (HostileServer, ConnectionParameters) async throws -> Void
        ) async throws {
            let tls = isTLS ? ["--tls", try await TestCertificate.make().bundle] : []
            let server = try await HostileServer(["auth:\(mode)"], options: ["--record"] + tls)
            // Before what follows, which wins over it.
            var parameters = ConnectionParameters(conninfo: "sslmode=\(isTLS ? "require" : "disable") \(server.conninfo) \(more)")
            parameters.authentication = .members
            try await body(server, parameters)
            await server.stop()
        }
    }

    @Suite("Servers that authenticate us as pg_hba.conf says", .timeLimit(.minutes(2)))
    struct AccessTests {
        @Test("By the rule for members: what tells no password works, and what does is refused until it is allowed")
        func members() async throws {
            let certificate = try await TestCertificate.make()
            let client = try await TestCertificate.make(subject: "certified")
            try await withServers {
                let server = try await PostgresServer.primary(
                    version: PostgresInstallation.newestOfSystem().major,
                    settings: [
                        "ssl": "on", "ssl_cert_file": certificate.certificate, "ssl_key_file": certificate.key, "ssl_ca_file": client.certificate,
                    ]
                )
                try await server.execute("CREATE ROLE scrammed LOGIN PASSWORD 'first-secret'")
                try await server.execute("CREATE ROLE trusted LOGIN; CREATE ROLE certified LOGIN")
                try await server.execute("CREATE ROLE plain LOGIN PASSWORD 'first-secret'")
                try await server.execute("SET password_encryption = 'md5'; CREATE ROLE hashed LOGIN PASSWORD 'first-secret'")
                try server.prependAccess(
                    """
                    host    all plain     127.0.0.0/8 password
                    host    all hashed    127.0.0.0/8 md5
                    host    all trusted   127.0.0.0/8 trust
                    hostssl all certified 127.0.0.0/8 cert
                    """
                )
                server.reload()
                func connect(_ user: String, _ more: String, password: Bool = true) async throws {
                    var parameters = ConnectionParameters(
                        conninfo: server.conninfo(user: user, password: password ? "first-secret" : nil, over: .tcp) + " gssencmode=disable " + more
                    )
                    parameters.authentication = .members
                    let session = Session(parameters)
                    try await session.connect()
                    #expect(try await session.value("SELECT current_user::text AS value") == user)
                    await session.close()
                }
                try await waitUntil("pg_hba.conf is read") { (try? await connect("trusted", "sslmode=disable")) != nil }
                for tls in ["sslmode=disable", "sslmode=require", "sslmode=verify-full sslrootcert=\(certificate.certificate)"] {
                    try await connect("scrammed", tls)
                    try await connect("trusted", tls, password: false)
                    for (user, rule, words) in [("plain", "password", "in clear text"), ("hashed", "md5,scram-sha-256", "MD5")] {
                        let error = await #expect(throws: PostgresError.self) { try await connect(user, tls) }
                        #expect(error?.message.contains(words) == true && error?.message.contains("require_auth=\(rule)") == true, "\(error as Any)")
                        try await connect(user, "\(tls) require_auth=\(rule)")
                    }
                    let error = await #expect(throws: PostgresError.self) { try await connect("trusted", "\(tls) require_auth=scram-sha-256") }
                    #expect(error?.message.contains("asks for no authentication") == true)
                }
                try await connect("scrammed", "sslmode=require channel_binding=require")
                try await connect("certified", "sslmode=require sslcert=\(client.certificate) sslkey=\(client.key)", password: false)
                // By the socket, where everybody is trusted.
                var local = ConnectionParameters(conninfo: server.conninfo(user: "scrammed", password: "first-secret"))
                local.authentication = .members
                let session = Session(local)
                try await session.connect()
                await session.close()
            }
        }
    }
}

/// A server that speaks before it is its turn.
private final class EagerServer: Sendable {
    private let process: ChildProcess
    private let port: Int

    private init(_ behaviour: String) throws {
        let reservation = try PortReservation()
        port = reservation.port
        process = try ChildProcess("python3", ["-u", "-c", Self.beginning + behaviour + Self.end, "\(port)"])
    }

    /// Connects to one as to a server that Patroni names, and sees that it asks for the password in clear text and does not get it.
    static func gets(nothingBy behaviour: String, _ option: String) async throws {
        let server = try EagerServer(behaviour)
        try await waitUntil("it listens") { server.process.output.contains("ready") }
        var parameters = ConnectionParameters(
            conninfo: "host=127.0.0.1 port=\(server.port) user=monitor password=secret dbname=postgres gssencmode=disable \(option)"
        )
        parameters.authentication = .members
        let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
        // libpq from 17 on does not go on in clear when it has been refused for that.
        let isRefusedByItself = error?.message.contains("server does not support SSL") == true
        #expect(isRefusedByItself || error?.message.hasPrefix("the server asks for the password in clear text") == true, "\(error as Any)")
        try await waitUntil("the client has left") { server.process.output.contains("gone") }
        #expect(server.process.output.contains("got") && !server.process.output.contains("secret"), "\(server.process.output)")
        await server.process.terminate()
    }

    /// It asks in one breath with its no to encryption, before it has seen who we are, and again after that.
    static let askingWithItsNo = """
        client = accept()
        take(client)
        client.sendall(b"N" + ASK)
        while take(client):
            client.sendall(ASK)
        """

    /// It refuses a client that does not encrypt, and does not encrypt either when the client wants to.
    static let askingAtTheSecondTry = """
        client = accept()
        take(client)
        error = b"SFATAL\\0VFATAL\\0C28000\\0Mno pg_hba.conf entry\\0\\0"
        client.sendall(b"E" + struct.pack("!i", len(error) + 4) + error)
        client.close()
        client = accept()
        take(client)
        client.sendall(b"N")
        while take(client):
            client.sendall(ASK)
        """

    private static let beginning = """
        import socket, struct, sys
        ASK = b"R" + struct.pack("!ii", 8, 3)
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        print("ready")

        def accept():
            client, _ = listener.accept()
            client.settimeout(10)
            return client

        def take(client):
            try:
                some = client.recv(65536)
            except OSError:
                some = b""
            print("got", some)
            return some


        """

    private static let end = "\nprint('gone')\n"
}
