import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    @Suite(.serialized)
    struct SecurePrometheusTests {
        private static func write(_ text: String, to path: String) async throws {
            try await ChildProcess.check("/bin/bash", ["-c", "printf %s \"$1\" > \"$2.new\" && mv \"$2.new\" \"$2\"", "bash", text, path])
        }

        @Test("a real Prometheus scrapes over TLS with a certificate and a password, and goes on through a reload, and when both change")
        func scrapes() async throws {
            let folder = try TemporaryRoot.makeDirectory("secure")
            try await WebSecrets.makeCertificates(in: folder)
            func configuration(_ password: String) async throws -> String {
                """
                tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert,
                  client_allowed_sans: [scraper]}
                basic_auth_users: {prometheus: '\(try await WebSecrets.hash(password))'}

                """
            }
            try await Self.write(configuration("one"), to: "\(folder)/web.yml")
            try await Self.write("one", to: "\(folder)/password")
            func curl(_ password: String) -> [String] {
                [
                    "--cacert", "\(folder)/ca.pem", "--cert", "\(folder)/client.crt", "--key", "\(folder)/client.key", "--user",
                    "prometheus:\(password)", "--verbose",
                ]
            }
            let exporter = try await Exporter(
                ["--dsn", "host=127.0.0.1 port=9 user=x", "--web.config.file", "\(folder)/web.yml"],
                scheme: "https",
                curl: curl("one")
            )
            try await withExporter(exporter) { exporter in
                let prometheus = try await Prometheus(
                    configuration: """
                        scrape_configs:
                          - job_name: secure
                            scrape_interval: 1s
                            scheme: https
                            tls_config: {ca_file: \(folder)/ca.pem, cert_file: \(folder)/client.crt, key_file: \(folder)/client.key}
                            basic_auth: {username: prometheus, password_file: \(folder)/password}
                            static_configs: [{targets: ['127.0.0.1:\(exporter.port)']}]

                        """,
                    in: folder
                )
                do {
                    try await waitUntil("it scrapes") { try await prometheus.query("up") == ["1"] }
                    try await ChildProcess.check("/bin/bash", ["-c", "cd \(folder) && mv renewed.key server.key && mv renewed.crt server.crt"])
                    try await waitUntil("the new certificate is shown") {
                        try await ChildProcess.run("curl", curl("one") + ["\(exporter.url)/-/ready"]).errors.contains("CN=renewed")
                    }
                    exporter.process.send(signal: SIGHUP)
                    try await waitUntil("it has reloaded") { exporter.process.output.contains("configuration reloaded") }
                    try await waitUntil("it has scraped on", timeout: .seconds(30)) {
                        try await prometheus.query("count_over_time(up[1h]) > 5").count == 1
                    }
                    let least = try await prometheus.query("min_over_time(up[1h])")
                    #expect(least == ["1"], "no scrape failed")

                    try await Self.write(configuration("two"), to: "\(folder)/web.yml")
                    try await Self.write("two", to: "\(folder)/password")
                    let old = try await HTTP.get(exporter.url + "/-/ready", curl("one"))
                    #expect(old.status == 401)
                    let new = try await HTTP.get(exporter.url + "/-/ready", curl("two"))
                    #expect(new.status == 200)
                    try await waitUntil("it scrapes with the new password") {
                        try await prometheus.query("min_over_time(up[3s])") == ["1"]
                    }
                    #expect(!exporter.process.output.contains("password"), "no secret in the log")
                } catch {
                    await prometheus.stop()
                    throw error
                }
                await prometheus.stop()
            }
        }
    }
}
