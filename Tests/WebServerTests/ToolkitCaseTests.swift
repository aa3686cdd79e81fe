import Logging
import Testing

@testable import WebServer

/// The cases that exporter-toolkit tests itself with.
struct ToolkitCaseTests {
    private static let files = "cert_file: server.crt, key_file: server.key"
    private static let given = files + ", client_auth_type: VerifyClientCertIfGiven"
    private static let all = CipherSuite.allCases.map(\.rawValue).joined(separator: ", ")
    private static let some = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    private static let reversed = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    private static let only256 = "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384], max_version: TLS12"

    private static func tls(_ keys: String) -> String { "tls_server_config: {\(keys)}" }
    private static func headers(_ keys: String) -> String { "http_server_config: {headers: {\(keys)}}" }

    static let refused: [(number: Int, yaml: String, phrase: String)] = [
        (2, "tears thirsty decay elephant\nstrong plain words\n", "yaml"),
        (3, tls("cert_filse: server.crt"), "yaml"),
        (4, tls("cert_file: '', key_file: server.key"), "missing one of cert or cert_file"),
        (5, tls("cert: '', key_file: server.key"), "missing one of cert or cert_file"),
        (6, tls("cert_file: server.crt, key_file: ''"), "missing one of key or key_file"),
        (7, tls("cert_file: server.crt, key: ''"), "missing one of key or key_file"),
        (8, tls("cert_file: '', key_file: '', client_auth_type: x"), "missing one of cert or cert_file"),
        (9, tls("cert_file: somefile, key_file: server.key"), "no such file"),
        (10, tls("cert_file: server.cert, key_file: somefile"), "no such file"),
        (11, tls("cert_file: somefile, key_file: somefile"), "no such file"),
        (12, tls(files + ", client_ca_file: /dev/null"), "client CA's have been configured without a Client Auth Policy"),
        (13, tls(files + ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: somefile"), "no such file"),
        (14, tls(files) + "\nbasic_auth_users: {john: doe}", "hashedSecret too short to be a bcrypted password"),
        (15, tls(given + ", cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048]"), "unknown cipher"),
        (16, tls(given + ", curve_preferences: [CurveP257]"), "unknown curve"),
        (17, tls(given + ", min_version: TLS111"), "unknown TLS version"),
        (26, tls(given + ", " + only256), "TLSConfig.CipherSuites is missing an HTTP/2-required"),
        (28, headers("X-Content-Type-Options: sniff"), "invalid value for X-Content-Type-Options"),
        (29, headers("X-Frame-Options: foo"), "invalid value for X-Frame-Options"),
        (30, headers("Content-Type: foo"), "HTTP header \"Content-Type\" can not be configured"),
    ]

    @Test("A file that exporter-toolkit refuses is refused, in its words, with the place", arguments: refused)
    func refusal(number: Int, yaml: String, phrase: String) async throws {
        let error = await #expect(throws: WebConfigurationError.self) { try await HelloServer.run(yaml) { _ in } }
        let text = error?.description ?? ""
        #expect(text.contains(phrase), "case \(number): \(text)")
        #expect(text.contains(".yml:1:") || text.contains(".yml:2:"), "case \(number) names file and line: \(text)")
    }

    @Test("A file that isn't there is refused")
    func missing() throws {
        let error = #expect(throws: WebConfigurationError.self) { try WebAccess(file: "somefile", logger: .init(label: "test")) }
        #expect(error?.description.contains("no such file") == true)
    }

    enum Outcome: Sendable {
        case hello
        /// The body, or what curl says, holds one of these.
        case says([String])
        /// A connection with this cipher and the answer.
        case cipher(String)
    }

    struct Request: Sendable {
        var options: [String] = []
        var certificate: String?
        var isPlain = false
        let outcome: Outcome

        static let tls = Request(outcome: .hello)
        static let plain = Request(isPlain: true, outcome: .hello)
    }

    private static let tls12 = ["--tls-max", "1.2", "--ciphers"]

    static let served: [(number: Int, yaml: String, requests: [Request])] = [
        (1, "", [.plain, Request(outcome: .says(["wrong version number", "SSL routines", "packet length too long"]))]),
        (
            18, tls(given),
            [
                .tls, Request(isPlain: true, outcome: .says(["Client sent an HTTP request to an HTTPS server."])),
                Request(options: ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"], outcome: .says(["protocol version", "no protocols"])),
            ]
        ),
        (20, tls(given + ", cipher_suites: [\(all)]"), [.tls]),
        (
            21, tls(given + ", cipher_suites: [\(some)], min_version: TLS12, max_version: TLS12"),
            [
                Request(options: tls12 + ["ECDHE-RSA-AES128-GCM-SHA256"], outcome: .hello),
                Request(options: tls12 + ["AES256-SHA:ECDHE-RSA-AES256-SHA"], outcome: .says(["handshake failure"])),
                Request(
                    options: tls12 + ["ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"],
                    outcome: .cipher("ECDHE-RSA-AES128-GCM-SHA256")
                ),
            ]
        ),
        (
            22, tls(given + ", cipher_suites: [\(reversed)], min_version: TLS12, max_version: TLS12, prefer_server_cipher_suites: false"),
            [
                Request(
                    options: tls12 + ["ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"],
                    outcome: .cipher("ECDHE-RSA-AES128-GCM-SHA256")
                )
            ]
        ),
        (23, tls(given + ", curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]"), [.tls]),
        (
            24, tls(given + ", curve_preferences: [CurveP521], min_version: TLS13"),
            [
                Request(options: ["--curves", "P-521"], outcome: .hello),
                Request(options: ["--curves", "P-384"], outcome: .says(["handshake failure"])),
            ]
        ),
        (25, tls(given + ", " + only256) + "\nhttp_server_config: {http2: false}", [.tls]),
        (
            27,
            headers(
                "X-Frame-Options: deny, Strict-Transport-Security: max-age=31536000; includeSubDomains, X-Content-Type-Options: nosniff, "
                    + "X-XSS-Protection: 1, Content-Security-Policy: script-src 'self' https://apis.google.com"
            ),
            [
                Request(isPlain: true, outcome: .says(["X-Frame-Options: deny"])),
                Request(isPlain: true, outcome: .says(["Strict-Transport-Security: max-age=31536000; includeSubDomains"])),
                Request(isPlain: true, outcome: .says(["X-Content-Type-Options: nosniff"])),
                Request(isPlain: true, outcome: .says(["X-XSS-Protection: 1\r\n", "X-XSS-Protection: 1\n"])),
                Request(isPlain: true, outcome: .says(["Content-Security-Policy: script-src 'self' https://apis.google.com"])),
            ]
        ),
        (31, tls(files + ", client_auth_type: RequireAnyClientCert"), [Request(certificate: "client_selfsigned", outcome: .hello)]),
        (
            33, tls(files + ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client_selfsigned.crt"),
            [Request(certificate: "client_selfsigned", outcome: .hello)]
        ),
        (
            34,
            tls(
                files + ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client2_selfsigned.crt, "
                    + "client_allowed_sans: [one, test3, two]"
            ),
            [Request(certificate: "client2_selfsigned", outcome: .hello)]
        ),
        (
            35,
            tls(
                files + ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client2_selfsigned.crt, client_allowed_sans: [bad]"
            ),
            // exporter-toolkit's alert is bad_certificate; this one is not asked for a name before it has proven its key.
            [Request(certificate: "client2_selfsigned", outcome: .says(["Empty reply", "unexpected eof", "Connection reset", "close notify"]))]
        ),
        (
            36, tls(files + ", client_auth_type: RequireAndVerifyClientCert"),
            [Request(certificate: "client_selfsigned", outcome: .says(["unknown ca"])), Request(outcome: .says(["certificate required"]))]
        ),
        (38, "rate_limit: {interval: 0, burst: 0}", Array(repeating: .plain, count: 11)),
        (39, "rate_limit: {interval: \"1s\", burst: 0}", [Request(isPlain: true, outcome: .says(["Too Many Requests"]))]),
    ]

    @Test("A file that exporter-toolkit serves is served alike", arguments: served)
    func service(number: Int, yaml: String, requests: [Request]) async throws {
        try await HelloServer.run(yaml) { server in try await Self.check(requests, of: server, number) }
    }

    @Test("Certificates and keys may stand in the file itself (19, 32)")
    func inline() async throws {
        let files = try await TestFiles.shared.value
        func block(_ name: String) throws -> String { try files.read(name).split(separator: "\n").map { "    \($0)\n" }.joined() }
        let certificate = try "  cert: |\n" + block("server.crt")
        let key = try "  key: |\n" + block("server.key")
        try await HelloServer.run("tls_server_config:\n  client_auth_type: VerifyClientCertIfGiven\n" + certificate + key) { server in
            try await Self.check([.tls], of: server, 19)
        }
        try await HelloServer.run("tls_server_config:\n  client_auth_type: RequireAnyClientCert\n  cert_file: server.crt\n" + key) { server in
            try await Self.check([Request(certificate: "client_selfsigned", outcome: .hello)], of: server, 32)
        }
    }

    static func check(_ requests: [Request], of server: HelloServer, _ number: Int) async throws {
        for request in requests {
            let options = request.options + (request.certificate.map(server.certificate) ?? [])
            let answer = try await server.curl(options, scheme: request.isPlain ? "http" : "https")
            let said = "case \(number) \(request.options): \(answer.status) \(answer.body)\n\(answer.details)"
            switch request.outcome {
            case .hello: #expect(answer.status == "200" && answer.body == "Hello World!", "\(said)")
            case .says(let phrases):
                #expect(phrases.contains { answer.body.contains($0) || answer.details.contains($0) }, "\(said)")
            case .cipher(let name):
                #expect(answer.body == "Hello World!" && answer.details.contains(" / \(name)"), "\(said)")
            }
        }
    }
}
