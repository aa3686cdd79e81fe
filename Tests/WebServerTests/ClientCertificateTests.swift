import NIOSSL
import Testing

@testable import WebServer

/// What exporter-toolkit's own tests leave out of client certificates.
struct ClientCertificateTests {
    private static func yaml(_ type: String, _ keys: String = ", client_ca_file: root.pem") -> String {
        "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: \(type)\(keys)}"
    }

    private static func passes(_ server: HelloServer, _ certificate: String?) async throws -> Bool {
        try await server.curl(certificate.map(server.certificate) ?? []).body == "Hello World!"
    }

    @Test("A certificate that is verified must lead to the authorities, be in time and be for clients")
    func verification() async throws {
        try await HelloServer.run(Self.yaml("RequireAndVerifyClientCert")) { server in
            for name in ["client_names", "client_chain", "client_any", "client_ed25519", "client_p521"] {
                #expect(try await Self.passes(server, name), "\(name)")
            }
            for (name, alert) in [
                ("client_other", "unknown ca"), ("client_selfsigned", "unknown ca"), ("client_expired", "certificate expired"),
                ("client_server", "unsupported certificate"),
            ] {
                let answer = try await server.curl(server.certificate(name))
                #expect(answer.status == "000" && answer.details.contains(alert), "\(name): \(answer.details)")
            }
            #expect(try await !Self.passes(server, nil))
        }
    }

    @Test("Types differ in who must show a certificate, and in whether it is verified")
    func types() async throws {
        for (type, keys, passing, refused) in [
            ("NoClientCert", "", [nil, "client_other"], []), ("RequestClientCert", "", [nil, "client_other", "client_expired"], []),
            ("RequireClientCert", "", ["client_other"], [nil]),
            ("VerifyClientCertIfGiven", ", client_ca_file: root.pem", [nil, "client_names"], ["client_other"]),
            ("RequireAndVerifyClientCert", ", client_ca_file: server.key", [], [nil, "client_names"]),
        ] as [(String, String, [String?], [String?])] {
            try await HelloServer.run(Self.yaml(type, keys)) { server in
                for name in passing + refused {
                    let isPassing = try await Self.passes(server, name)
                    #expect(isPassing == passing.contains(name), "\(type) \(name ?? "none")")
                }
            }
        }
    }

    @Test("A name must be equal to an allowed one, also for those who are not verified; without a certificate there is none")
    func names() async throws {
        for (allowed, isAllowed) in [
            ("Mixed.Case", true), ("a@example.org", true), ("192.0.2.7", true), ("'2001:db8::7'", true), ("'spiffe://x/y'", true),
            ("mixed.case", false), ("'2001:0db8::7'", false), ("client_names", false), ("''", false), ("", false),
        ] {
            for type in ["RequestClientCert", "RequireAndVerifyClientCert"] {
                let authorities = type == "RequestClientCert" ? "" : ", client_ca_file: root.pem"
                try await HelloServer.run(Self.yaml(type, authorities + ", client_allowed_sans: [\(allowed)]")) { server in
                    let isPassing = try await Self.passes(server, "client_names")
                    #expect(isPassing == isAllowed, "\(type) \(allowed)")
                    let isNobodyPassing = try await Self.passes(server, nil)
                    #expect(!isNobodyPassing)
                }
            }
        }
    }

    @Test("Servers may have keys of all kinds, and key and certificate in one file", arguments: ["server_ecdsa", "server_ed25519", "both"])
    func servers(name: String) async throws {
        let files = name == "both" ? "cert_file: both.pem, key_file: both.pem" : "cert_file: \(name).crt, key_file: \(name).key"
        try await HelloServer.run("tls_server_config: {\(files)}") { server in
            let answer = try await server.curl()
            #expect(answer.body == "Hello World!")
        }
    }

    @Test(
        "What does not go together is refused",
        arguments: [
            ("cert_file: server.crt, key_file: server2.key", "failed to load X509KeyPair"),
            ("cert_file: server.key, key_file: server.crt", "failed to load X509KeyPair"),
            ("cert_file: server.crt, key_file: ca.pem", "failed to load X509KeyPair"),
            ("cert_file: server.crt, key_file: .", "failed to read key_file"),
            ("cert_file: ., key_file: server.key", "is a directory"),
            ("cert_file: server.crt, key_file: server.key, client_auth_type: x", "invalid ClientAuth: x"),
        ]
    )
    func unfit(keys: String, phrase: String) async throws {
        let error = await #expect(throws: WebConfigurationError.self) { try await HelloServer.run("tls_server_config: {\(keys)}") { _ in } }
        #expect(error?.description.contains(phrase) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("tls_server_config") == true)
    }

    @Test("Addresses in certificates are written in their canonical form")
    func addresses() {
        #expect(SubjectNames.address([192, 0, 2, 7]) == "192.0.2.7")
        #expect(SubjectNames.address([0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]) == "2001:db8::7")
        #expect(SubjectNames.address(Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7]) == "192.0.2.7")
        #expect(SubjectNames.address([1, 2, 3]) == nil)
    }
}
