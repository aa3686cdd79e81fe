import ExporterConfiguration
import Testing

/// `tls_config`: its mistakes with the lines that users see, and the files that must be there.
struct PatroniTLSTests {
    private typealias TLS = PatroniConfiguration.TLS

    private static func text(_ tls: String, urls: String = "https://a") -> String {
        "patroni: [{name: a, dsn: '', urls: [\(urls)], tls_config: \(tls)}]"
    }

    @Test(arguments: [
        ("x", "61: patroni[0].tls_config: expected a mapping of keys to values, got text"),
        (
            "{ca: x}",
            "62: patroni[0].tls_config.ca: unknown key; known: ca_file, cert_file, insecure_skip_verify, key_file"
        ),
        ("{ca_file: [x]}", "71: patroni[0].tls_config.ca_file: expected text, got a list"),
        (
            "{ca_file: ''}",
            "71: patroni[0].tls_config.ca_file: must not be empty; leave the key out when the authorities of the system are to be trusted"
        ),
        ("{ca_file: /absent}", "71: patroni[0].tls_config.ca_file: this file cannot be read: No such file or directory"),
        ("{cert_file: /c}", "73: patroni[0].tls_config.cert_file: needs key_file beside it"),
        ("{key_file: /k}", "72: patroni[0].tls_config.key_file: needs cert_file beside it"),
        ("{cert_file: /c, key_file: absent}", "87: patroni[0].tls_config.key_file: this file cannot be read: No such file or directory"),
        ("{key_file: /k, cert_file: absent}", "87: patroni[0].tls_config.cert_file: this file cannot be read: No such file or directory"),
        ("{insecure_skip_verify: yes}", "84: patroni[0].tls_config.insecure_skip_verify: expected true or false, got 'yes'"),
    ])
    func `mistakes of tls_config`(tls: String, line: String) {
        #expect(errors(in: Self.text(tls)) == ["config.yml:1:\(line)"])
    }

    @Test(arguments: ["{}", "{ca_file: /ca}", "{insecure_skip_verify: false}"])
    func `tls_config without a URL that needs it is a mistake`(tls: String) {
        let line = "config.yml:1:70: patroni[0].tls_config: of no use: none of the urls begins with https://"
        #expect(errors(in: Self.text(tls, urls: "http://a, http://b")) == [line])
        #expect(errors(in: Self.text(tls, urls: "http://a, https://b")) == [])
        // One mistake, one message.
        #expect(errors(in: Self.text(tls, urls: "")) == ["config.yml:1:36: patroni[0].urls: name at least one member: [http://host:8008]"])
    }

    @Test(
        arguments: [
            ("{}", TLS()),
            ("{ca_file: ca.pem}", TLS(caFile: "/etc/pgwal/ca.pem")),
            ("{cert_file: ./c.pem, key_file: /run/k.pem}", TLS(certFile: "/etc/pgwal/c.pem", keyFile: "/run/k.pem")),
            ("{insecure_skip_verify: true}", TLS(insecureSkipVerify: true)),
        ] as [(String, PatroniConfiguration.TLS)]
    )
    func `paths begin at the folder of the file`(tls: String, expected: PatroniConfiguration.TLS) throws {
        let configuration = try ConfigurationLoader.test.parse(Array(Self.text(tls).utf8), file: "/etc/pgwal/config.yml")
        #expect(configuration.patroni.map(\.tls) == [expected])
    }

    /// A loader that looks for the files itself.
    private static let loader = ConfigurationLoader(knownCollectors: [], reservedLabels: [], validateDSN: { _ in nil })

    private func findings(withFileOf bytes: [UInt8], _ text: (_ name: String) -> String) throws -> [String] {
        var found: [String] = []
        try withFile(bytes) { path in
            found = errors { () throws(ConfigurationError) in
                try Self.loader.parse(Array(text(path).utf8), file: path + ".yml")
            }
            found = found.map { $0.replacing(path, with: "FILE") }
        }
        return found
    }

    @Test func `a file that is there is taken, also from beside the configuration`() throws {
        #expect(try findings(withFileOf: [1]) { Self.text("{ca_file: \($0), cert_file: \($0), key_file: file}") } == [])
    }

    @Test(arguments: [
        ("nowhere", "cannot be read: No such file or directory"), ("/tmp", "is a directory, not a file"), ("/dev/null", "is not a regular file"),
        ("file", "is empty"),
    ])
    func `a file that is of no use is a mistake when the configuration is read`(path: String, reason: String) throws {
        let lines = try findings(withFileOf: []) { _ in Self.text("{ca_file: \(path)}") }
        #expect(lines == ["FILE.yml:1:71: patroni[0].tls_config.ca_file: this file \(reason)"])
    }

    @Test func `the largest file is a mebibyte`() throws {
        let most = [UInt8](repeating: 65, count: 1 << 20)
        #expect(try findings(withFileOf: most) { Self.text("{ca_file: \($0)}") } == [])
        let lines = try findings(withFileOf: most + [65]) { Self.text("{ca_file: \($0)}") }
        #expect(lines == ["FILE.yml:1:71: patroni[0].tls_config.ca_file: this file is larger than the 1048576 bytes allowed"])
    }
}
