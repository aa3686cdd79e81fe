import ExporterConfiguration
import Postgres
import Testing

@testable import Monitoring

/// Passwords, rightly and wrongly placed in hundreds of ways: nothing that people see shows one.
@Suite("Secrets")
struct SecretTests {
    /// Where a connection string may come from.
    enum Way: CaseIterable {
        case flag, variable, dataSourceName, target, cluster
    }

    @Test("A connection string in which a password stands anywhere shows it nowhere", arguments: Way.allCases)
    func shows(way: Way) {
        let forms = Self.swallowing + Self.malformed
        #expect(forms.count >= 300)
        for form in forms {
            for password in ["S3cret-Zq7", "s3kr:t", "Zq7\u{E9}x"] {
                let shown = Self.shown(form.replacing("§", with: password), by: way)
                #expect(!shown.lowercased().contains(password.lowercased()), "\(form.debugDescription) by \(way): \(shown)")
            }
        }
    }

    @Test("A value that swallowed the next key is refused, and the key is named")
    func refuses() {
        for (keyword, form) in zip(Self.swallowing.indices.map { Self.swallowers[$0 / Self.swallowedTails.count] }, Self.swallowing) {
            let error = #expect(throws: PostgresError.self, "\(form.debugDescription)") {
                try ConnectionParameters.validate(form.replacing("§", with: "S3cret-Zq7"))
            }
            #expect(
                error?.message.contains("\(keyword) seems to hold a further key or a password") == true,
                "\(form.debugDescription): \(error as Any)"
            )
        }
    }

    @Test("What is shown of a connection string does not depend on its password", arguments: Way.allCases)
    func doesNotDepend(way: Way) {
        let passwords = [
            "e", "failed", "host", "***", "it's \"q\"", "a b", "50%2F%", "pä55wörd", "x;host=y", "p/w@h:1", "#?&=", "\\back\\", "\u{202E}x", " ", "🔑",
        ]
        let forms: [(String, (String) -> String)] = [
            ("host=h password=§ user=e", Self.quoted), ("user=failed host=/tmp sslpassword=§", Self.quoted), ("password = § ", Self.quoted),
            ("postgresql://e:§@h:1/d?sslmode=disable", Self.percentEncoded), ("postgres://h/d?password=§&user=failed", Self.percentEncoded),
            ("host=h password=§;port=1", { Self.escaped($0) }), ("host=h options=§", Self.quoted),
        ]
        for (form, encoded) in forms {
            let usual = Self.shown(form.replacing("§", with: encoded("usual")), by: way)
            for password in passwords where form.contains("password") || !password.contains("=") {
                #expect(Self.shown(form.replacing("§", with: encoded(password)), by: way) == usual, "\(form) with \(password.debugDescription)")
            }
        }
    }

    // MARK: - Forms

    private static let swallowers = [
        "host", "user", "dbname", "service", "sslmode", "port", "hostaddr", "sslcert", "sslrootcert", "passfile", "krbsrvname", "requirepeer",
        "target_session_attrs", "application_name", "fallback_application_name", "client_encoding", "connect_timeout", "gssencmode",
    ]

    /// Each is taken for a part of the value before it.
    private static let swallowedTails: [String] =
        [";", "%20", "&", ",", "\\ ", "|", "\u{A0}", "；", "%3B", "\u{200B}", "?", ""].flatMap { separator in
            ["password=§", "PASSWORD=§", "Pwd=§", "pasword=§", "sslpassword=§", "pass:§"].filter {
                separator != "" || !$0.hasPrefix("P") && !$0.hasPrefix("pass:")
            }
            .map { separator + $0 }
        }

    private static let swallowing = swallowers.flatMap { keyword in swallowedTails.map { "\(keyword)=x\($0)" } }

    private static let malformed = [
        "§", "password=my §", "password='§", "password='x'§", "password='x'§=1", "password=\"x §\"", "host=h §", "host=h §=1", "host=h password §",
        "pasword=§",
        "Password=§", "passw0rd=§ host=h", "host=h;user=u;Password=§", "Host=h;Username=u;Password=§", "Server=h;Uid=u;Pwd=§", "host= password=§",
        "host=h dbname=postgresql://u:§@h/d", "host=postgresql://u:§@h", "service=postgres://u:§@h/d", "application_name=postgres://u:§@h",
        "postgresql://u:x/§@h/d", "postgresql://u:1/§@h/d", "postgresql://u:x@§@h/d", "postgresql://u:x@1/§@h/d", "postgresql://u:x@§:1@h/d",
        "postgresql://u:%zz§@h/d", "postgresql://u:§", "postgresql://u:§/d", "postgresql://u:x y§@h", "postgresql://h/d;password=§",
        "postgresql://h/d&password=§", "postgresql://h/d?password=a=§", "postgresql://h/d?user=u;password=§",
        "postgresql://h/d?user=u%26password%3D§",
        "postgresql://h/d?§", "postgresql://h/d?pasword=§", "postgresql://h/d?application_name=a%20password%3D§", "postgresql://h/d password=§",
        "postgresql://[§", "postgresql://[::1]§", "postgresql://u:§%00@h", "Postgresql://u:§@h/d", "jdbc:postgresql://h/d?user=u&password=§",
        "//u:§@h/d", "u:§@h/d", "postgresql:/u:§@h/d", "port=§", "host=h port=§", "sslmode=§", "connect_timeout=§", "hostaddr=§", "password=§\u{0}",
        "host=a;password=§ host=b",
        "options='host=h password=§'", "options='-c a.b=§'", "user='u password=§'", "user='u\npassword=§'", "user='u\tpassword=§'",
        "password=§ hots=h",
        "sslkey='pkcs11:token=a;pin-value=§'", "target_session_attrs=§", "require_auth=§", "scram_client_key=§", "oauth_client_secret=§ host=h",
        "DATABASE_URL=postgres://u:§@h", "PGPASSWORD=§", "export PGPASSWORD=§", "host=h,password:§", "user=u password:§ host=h",
    ]

    private static func quoted(_ text: String) -> String { "'" + escaped(text, blanks: false) + "'" }

    private static func escaped(_ text: String, blanks: Bool = true) -> String {
        text.unicodeScalars.map { $0 == "'" || $0 == "\\" || blanks && $0 == " " ? "\\\($0)" : "\($0)" }.joined()
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: - What is shown

    private static func shown(_ dsn: String, by way: Way) -> String {
        var shown = [ConnectionParameters.redacted(dsn), "\(ConnectionParameters(conninfo: dsn))", "\(ConnectionParameters.endpoints(of: dsn))"]
        do throws(ConfigurationError) {
            let configuration = try load(dsn, way)
            shown += [configuration.yaml(redactDSN: ConnectionParameters.redacted), "\(configuration)", String(reflecting: configuration)]
            shown += configuration.remarks.map(\.line)
            var dumped = ""
            dump(configuration, to: &dumped)
            dump(ConnectionParameters(conninfo: dsn), to: &dumped)
            shown.append(dumped)
        } catch {
            shown += error.lines
        }
        return shown.joined(separator: "\n")
    }

    private static func load(_ dsn: String, _ way: Way) throws(ConfigurationError) -> Configuration {
        let loader = ConfigurationLoader.exporter
        switch way {
        case .flag: return try loader.load(file: nil, dsn: dsn, environment: [:])
        case .variable: return try loader.load(file: nil, dsn: nil, environment: ["PGWAL_DSN": dsn])
        case .dataSourceName: return try loader.load(file: nil, dsn: nil, environment: ["DATA_SOURCE_NAME": dsn])
        case .target: return try loader.parse(Array("targets: [{name: a, dsn: \(yaml(dsn))}]".utf8), file: "config.yml")
        case .cluster: return try loader.parse(Array("patroni: [{name: a, urls: [http://a], dsn: \(yaml(dsn))}]".utf8), file: "config.yml")
        }
    }

    private static func yaml(_ text: String) -> String {
        let escapes = text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"" + escapes.joined() + "\""
    }
}
