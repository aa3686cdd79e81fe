import Testing
import YAMLTree

@testable import WebServer

struct WebConfigurationTests {
    private static func parse(_ yaml: String, file: String = "/etc/web.yml") throws(WebConfigurationError) -> WebConfiguration {
        try WebConfiguration.parse(Array(yaml.utf8), file: file)
    }

    @Test(
        "Nothing said is nothing configured",
        arguments: ["", "# x", "---", "null", "{}", "tls_server_config:", "tls_server_config: {}", "\u{FEFF}rate_limit: {}", "basic_auth_users: ~"]
    )
    func empty(yaml: String) throws {
        let configuration = try Self.parse(yaml)
        #expect(!configuration.isTLSConfigured && configuration.users.isEmpty && configuration.headers.isEmpty && configuration.rateLimit == nil)
    }

    @Test(
        "What is not YAML, or not of its kind, is an error that says so",
        arguments: [
            "[]", "word", "cert_file: x", "TLS_server_config: {}", "tls_server_config: x", "rate_limit: {burst: '2'}", "rate_limit: {burst: true}",
            "rate_limit: {interval: 1d}", "rate_limit: {interval: ''}", "rate_limit: {interval: 1m1}", "http_server_config: {http2: 'false'}",
            "http_server_config: {http2: 2}", "basic_auth_users: {a: x, a: x}", "rate_limit: {}\nrate_limit: {}",
            "tls_server_config: {cert_file: [x]}",
            "\ttls_server_config: {}", "tls_server_config: {cipher_suites: x}", "a: &b c", "{}\n---\n{}",
        ]
    )
    func malformed(yaml: String) {
        let error = #expect(throws: WebConfigurationError.self) { try Self.parse(yaml) }
        #expect(error?.lines.allSatisfy { $0.hasPrefix("/etc/web.yml:") && $0.contains("yaml: ") } == true, "\(error?.description ?? "")")
    }

    @Test("All mistakes are told at once, with their places")
    func all() {
        let yaml = "tls_server_config:\n  cipher_suites: [X]\n  min_version: 12\n  key_fil: x\nhttp_server_config:\n  headers: {a: b}\n"
        let error = #expect(throws: WebConfigurationError.self) { try Self.parse(yaml) }
        #expect(error?.lines.count == 4)
        #expect(error?.lines.contains { $0.contains(":4:3: tls_server_config.key_fil: yaml: unknown key") && $0.contains("did you mean") } == true)
        #expect(error?.lines.contains { $0.contains(":3:16: tls_server_config.min_version: unknown TLS version: 12; known: TLS10") } == true)
    }

    @Test("Paths begin at the file's folder, and absolute and empty ones stay")
    func paths() throws {
        let yaml = "tls_server_config: {cert_file: a/b.crt, key_file: /k.key, client_ca_file: ''}"
        let tls = try #require(try Self.parse(yaml).tls)
        #expect(tls.certFile?.value == "/etc/a/b.crt" && tls.keyFile?.value == "/k.key" && tls.clientCAFile == nil)
        #expect(try Self.parse(yaml, file: "web.yml").tls?.certFile?.value == "a/b.crt")
        #expect(try Self.parse(yaml, file: "x/web.yml").tls?.certFile?.value == "x/a/b.crt")
    }

    @Test(
        "TLS is configured by a certificate, a key, authorities or a type alone",
        arguments: [
            ("min_version: TLS12, prefer_server_cipher_suites: true", false), ("cert_file: a, key_file: b", true), ("cert: a, key: b", true),
            ("client_ca_file: a", true), ("client_auth_type: NoClientCert", true), ("client_auth_type: ''", false),
            ("client_allowed_sans: [a]", false),
        ]
    )
    func isConfigured(keys: String, isConfigured: Bool) throws {
        #expect(try Self.parse("tls_server_config: {\(keys)}").isTLSConfigured == isConfigured)
    }

    @Test("What is allowed and hardly meant is told")
    func warnings() throws {
        let yaml = """
            tls_server_config: {min_version: TLS13, max_version: TLS12, client_allowed_sans: []}
            http_server_config: {http2: ~, headers: {X-XSS-Protection: ~}}
            rate_limit: {interval: 1, burst: 0}
            basic_auth_users: {a: $2x$10$x}
            """
        let configuration = try Self.parse(yaml)
        #expect(configuration.warnings.count == 8, "\(configuration.warnings)")
        #expect(!configuration.allowsHTTP2)
        #expect(configuration.headers == [ConfiguredHeader(name: "X-XSS-Protection", value: "")])
    }

    @Test("Names of users are taken as they are written, and values of headers in one line")
    func literals() throws {
        let configuration = try Self.parse(
            "basic_auth_users: {1.50: a, yes: b, ' sp ': c}\nhttp_server_config: {headers: {X-XSS-Protection: \"a\\nb\"}}"
        )
        #expect(configuration.users.map { String(decoding: $0.name, as: UTF8.self) } == ["1.50", "yes", " sp "])
        #expect(configuration.headers.map(\.value) == ["a b"])
    }

    @Test(
        "Limits are read as Go reads them",
        arguments: [
            ("{interval: 1s, burst: 2}", .seconds(1), 2), ("{interval: 1h30m, burst: 2.5}", .seconds(5400), 2),
            ("{interval: 1000000000}", .seconds(1), 0), ("{interval: 1.9}", .nanoseconds(1), 0), ("{interval: -1s, burst: 1}", .seconds(-1), 1),
            ("{interval: 1.5ms}", .microseconds(1500), 0), ("{interval: '0', burst: 3}", nil, 0), ("{burst: 3}", nil, 0),
        ] as [(String, Duration?, Int)]
    )
    func limits(section: String, interval: Duration?, burst: Int) throws {
        let limit = try Self.parse("rate_limit: \(section)").rateLimit
        #expect(limit == interval.map { RateLimit(interval: $0, burst: burst) })
    }

    @Test("The example of docs/web.md is read, without a warning, and has all keys")
    func documentation() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let page = String(decoding: try BoundedFile.bytes(of: root + "/docs/web.md", limit: 1 << 20), as: UTF8.self)
        let example = page.split(separator: "```")[1].drop { $0 != "\n" }
        let configuration = try Self.parse(String(example))
        #expect(configuration.isTLSConfigured && configuration.users.count == 1 && configuration.headers.count == 2 && configuration.warnings.isEmpty)
        for key in WebConfigurationReader.keys + ["http2", "headers", "basic_auth_users", "interval", "burst"] {
            #expect(page.contains("\(key):") || page.contains("or \(key)"), "\(key)")
        }
    }

    @Test(
        "Durations of Go",
        arguments: [
            ("0", .zero), ("-0", .zero), ("1us", .microseconds(1)), ("1µs", .microseconds(1)), (".5s", .milliseconds(500)), ("1.s", .seconds(1)),
            ("+2m", .seconds(120)), ("", nil), ("s", nil), (".s", nil), ("1", nil), ("1x", nil), ("1s2", nil), ("9999999h", nil), ("1..5s", nil),
        ] as [(String, Duration?)]
    )
    func durations(text: String, duration: Duration?) {
        #expect(GoDuration.parse(text) == duration)
    }

    @Test("A bucket gives what it has at once, and then one after each interval")
    func bucket() {
        let start = ContinuousClock.now
        let bucket = TokenBucket(RateLimit(interval: .seconds(1), burst: 2), at: start)
        #expect(bucket.take(at: start) && bucket.take(at: start) && !bucket.take(at: start))
        #expect(!bucket.take(at: start + .milliseconds(600)))
        #expect(bucket.take(at: start + .milliseconds(1100)), "what is refused takes nothing, and parts of a token count")
        #expect(!bucket.take(at: start + .milliseconds(1900)))
        #expect(bucket.take(at: start + .seconds(100)) && bucket.take(at: start + .seconds(100)) && !bucket.take(at: start + .seconds(100)))
        let open = TokenBucket(RateLimit(interval: .seconds(-1), burst: 0), at: start)
        #expect(open.take(at: start))
        let shut = TokenBucket(RateLimit(interval: .seconds(1), burst: -1), at: start)
        #expect(!shut.take(at: start + .seconds(100)))
    }
}
