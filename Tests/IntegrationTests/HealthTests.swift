import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// `pgwal_exporter health`, as a container's health check runs it.
    @Suite
    struct HealthTests {
        private static let target = ["--dsn", "host=127.0.0.1 port=9 user=x"]

        private func health(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess.Outcome {
            try await ChildProcess.run(Exporter.path, ["health"] + arguments, environment: environment)
        }

        @Test("one that listens is healthy, by flag and by environment; one whose loop hangs, and nobody, is not")
        func plain() async throws {
            let exporter = try await Exporter(Self.target)
            try await withExporter(exporter) { exporter in
                for (arguments, environment) in [
                    (["--web.listen-address", ":\(exporter.port)"], [:]), (["--web.listen-address", "0.0.0.0:\(exporter.port)"], [:]),
                    ([], ["PGWAL_WEB_LISTEN_ADDRESS": "127.0.0.1:\(exporter.port) :1"]),
                ] {
                    let answer = try await health(arguments, environment: environment)
                    #expect(answer.status == .code(0) && answer.output == "pgwal_exporter is healthy.\n", "\(answer)")
                }
                let thread = try await FrozenThread("pgwal-io", of: exporter.process)
                try await waitUntil("it tells why it is not healthy") {
                    let answer = try await health(["--web.listen-address", ":\(exporter.port)"])
                    return answer.status == .code(1) && answer.errors.contains("status 503: pgwal_exporter is not healthy: the loop of the ")
                }
                await thread.thaw()
            }
            let nobody = try await health(["--web.listen-address", "127.0.0.1:\(exporter.port)"])
            #expect(nobody.status == .code(1) && nobody.errors.contains("cannot be reached"), "\(nobody)")
            let wrong = try await health([], environment: ["PGWAL_WEB_LISTEN_ADDRESS": "nowhere"])
            #expect(wrong.status == .code(1) && wrong.errors.contains("PGWAL_WEB_LISTEN_ADDRESS: 'nowhere'"), "\(wrong)")
        }

        @Test("one that listens and does not answer is not healthy, after the time that is given")
        func silence() async throws {
            let reservation = try PortReservation()
            let program = "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', \(reservation.port))); s.listen(9); time.sleep(60)"
            let listener = try ChildProcess("python3", ["-c", program])
            var said = ""
            try? await waitUntil("it listens, and says nothing") {
                let answer = try await health(["--web.listen-address", "127.0.0.1:\(reservation.port)", "--timeout", "300ms"])
                said = answer.errors
                return answer.status == .code(1) && answer.errors.contains("no answer within 300 ms")
            }
            await listener.terminate()
            #expect(said.contains("no answer within 300 ms"), "\(said)")
        }

        @Test("TLS, users and clients' certificates are those of the exporter's own file; no secret is printed")
        func secured() async throws {
            let server = try await TestCertificate.make(name: "DNS:exporter.example")
            let other = try await TestCertificate.make(name: "DNS:exporter.example")
            let client = try await TestCertificate.make(subject: "prober", name: "DNS:prober")
            let password = try Exporter.file("the password\n")
            let wrongPassword = try Exporter.file("another\n")
            // Of "the password".
            let user = "basic_auth_users: {prober: '\(Self.hash)'}\n"
            func tls(_ certificate: TestCertificate) -> String { "cert_file: \(certificate.certificate), key_file: \(certificate.key)" }
            let file = try Exporter.file("tls_server_config: {\(tls(server))}\n\(user)")
            let wantsCertificate =
                "tls_server_config: {\(tls(server)), client_ca_file: \(client.certificate), client_auth_type: RequireAndVerifyClientCert}\n"
            let exporter = try await Exporter(
                Self.target + ["--web.config.file", file],
                scheme: "https",
                curl: ["--insecure", "--user", "prober:the password"]
            )
            try await withExporter(exporter) { exporter in
                let place = ["--web.listen-address", ":\(exporter.port)"]
                func expect(
                    _ status: Int32,
                    _ words: String,
                    _ arguments: [String],
                    environment: [String: String] = [:]
                ) async throws {
                    let answer = try await health(place + arguments, environment: environment)
                    #expect(answer.status == .code(status) && (answer.output + answer.errors).contains(words), "\(arguments): \(answer)")
                    for secret in ["the password", "another", Self.hash] { #expect(!(answer.output + answer.errors).contains(secret)) }
                }
                let login = ["--username", "prober", "--password-file"]
                try await expect(0, "it answers; whether it is healthy it tells only with a user", ["--web.config.file", file])
                try await expect(0, "only with a user", [], environment: ["PGWAL_WEB_CONFIG_FILE": file])
                try await expect(0, "pgwal_exporter is healthy.", ["--web.config.file", file] + login + [password])
                try await expect(1, "does not know this user", ["--web.config.file", file] + login + [wrongPassword])
                try await expect(1, "password file /nowhere: ", ["--web.config.file", file] + login + ["/nowhere"])
                // Who does not say that TLS is spoken there hears nothing of use.
                try await expect(1, "not healthy: ", [])
                // Whoever has taken its place has another certificate, and gets no password.
                let forged = try Exporter.file("tls_server_config: {\(tls(other))}\n")
                try await expect(1, "its certificate is not the one of cert_file", ["--web.config.file", forged] + login + [password])
                try Exporter.replace(file, with: wantsCertificate)
                try await expect(0, "only to a client with a certificate", ["--web.config.file", file])
                let certificate = ["--cert", client.certificate, "--key", client.key]
                try await waitUntil("it takes the certificate") {
                    try await health(place + ["--web.config.file", file] + certificate).output == "pgwal_exporter is healthy.\n"
                }
                try await expect(1, "the client's certificate or its key cannot be used", ["--web.config.file", file, "--cert", file, "--key", file])
            }
        }

        private static let hash = "$2b$04$lDhyqCDSYdBMhY57NcsovOVd8nXBhRqTcCORnkd83ZfKDzZc//NUe"
    }
}
