import ExporterConfiguration
import Testing

struct SingleTargetTests {
    private func load(_ dsn: String?, _ environment: [String: String], file: String? = nil) throws(ConfigurationError) -> Configuration {
        try ConfigurationLoader.test.load(file: file, dsn: dsn, environment: environment)
    }

    @Test(
        arguments: [
            ("host=flag", ["PGWAL_DSN": "host=a", "DATA_SOURCE_NAME": "host=b"], "host=flag", Configuration.Origin.flag),
            ("", ["PGWAL_DSN": "host=a"], "", .flag),
            (nil, ["PGWAL_DSN": "host=a", "DATA_SOURCE_NAME": "host=b"], "host=a", .environment("PGWAL_DSN")),
            (nil, ["PGWAL_DSN": "", "DATA_SOURCE_NAME": "host=b"], "host=b", .environment("DATA_SOURCE_NAME")),
            (nil, ["DATA_SOURCE_NAME": "host=b"], "host=b", .environment("DATA_SOURCE_NAME")),
            (nil, ["PGHOST": "c"], "", .libpq),
            (nil, [:], "", .libpq),
            ("host=${HOST}", ["HOST": "x"], "host=${HOST}", .flag),
        ] as [(String?, [String: String], String, Configuration.Origin)]
    )
    func `the flag comes before the environment and that before libpq's own`(
        dsn: String?,
        environment: [String: String],
        expected: String,
        origin: Configuration.Origin
    ) throws {
        let configuration = try load(dsn, environment)
        #expect(configuration == Configuration(targets: [TargetConfiguration(name: "postgres", dsn: Secret(expected))], origin: origin))
    }

    @Test func `the environment may name the target`() throws {
        #expect(try load(nil, ["PGWAL_TARGET_NAME": "orders"]).targets.map(\.name) == ["orders"])
        #expect(try load(nil, ["PGWAL_TARGET_NAME": ""]).targets.map(\.name) == ["postgres"])
        #expect(
            errors { () throws(ConfigurationError) in try load(nil, ["PGWAL_TARGET_NAME": "a\n"]) } == [
                "PGWAL_TARGET_NAME: must be printable and in one line; it holds the character U+000A"
            ]
        )
    }

    @Test(
        arguments: [("BROKEN", [:], "--dsn"), (nil, ["PGWAL_DSN": "BROKEN"], "PGWAL_DSN"), (nil, ["DATA_SOURCE_NAME": "BROKEN"], "DATA_SOURCE_NAME")]
            as [(String?, [String: String], String)]
    )
    func `a wrong connection string is reported with its origin`(dsn: String?, environment: [String: String], origin: String) {
        #expect(errors { () throws(ConfigurationError) in try load(dsn, environment) } == ["\(origin): not a connection string"])
    }

    @Test(arguments: [
        "postgresql://a/x,postgresql://b/x", "postgres://u:p@a:5432/x?sslmode=disable, postgres://b", "host=a dbname=x,host=b dbname=x",
        "host=a password='x\\'y',host=b", "postgresql://a,host=b",
    ])
    func `several connection strings in DATA_SOURCE_NAME are refused`(text: String) {
        let line = "DATA_SOURCE_NAME: holds several connection strings; name one here, or list them under 'targets' in a file for --config.file"
        #expect(errors { () throws(ConfigurationError) in try load(nil, ["DATA_SOURCE_NAME": text]) } == [line])
    }

    @Test(arguments: [
        "postgresql://a:1,b:2/x?target_session_attrs=primary", "host=a,b port=1,2", "host=a password='x,host=y'", "host=a password=x\\,y",
        "postgresql:///x?host=a,b",
    ])
    func `commas within one connection string are no separators`(text: String) throws {
        #expect(try load(nil, ["DATA_SOURCE_NAME": text]).targets.map { $0.dsn.reveal() } == [text])
    }

    @Test func `a file and a connection string at once are refused`() {
        let lines = ["--dsn: cannot be used with --config.file; put the connection string under 'targets' in config.yml"]
        #expect(errors { () throws(ConfigurationError) in try load("host=a", [:], file: "config.yml") } == lines)
    }

    @Test func `a file comes before the environment`() throws {
        try withFile(Array("targets: [{name: a, dsn: host=file}]".utf8)) { path in
            let configuration = try load(nil, ["PGWAL_DSN": "host=env", "PGWAL_TARGET_NAME": "x"], file: path)
            #expect(configuration.targets == [TargetConfiguration(name: "a", dsn: Secret("host=file"))])
            #expect(configuration.origin.description == path)
        }
    }
}
