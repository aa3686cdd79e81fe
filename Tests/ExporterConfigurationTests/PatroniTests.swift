import ExporterConfiguration
import Testing

/// What a cluster says, and what it says when it says nothing.
struct PatroniTests {
    static let text = """
        patroni:
          - name: orders
            urls: ["https://[::1]:8008", http://b:8008]
            dsn: dbname=postgres user=monitor password=hunter2
            password_file: /run/secrets/monitor
            labels: {site: dc1, team: "no"}
            timeout: 500ms
            interval: 1m30s
            max_members: 300
            tls_config: {ca_file: /etc/ca.pem, cert_file: "/etc/my cert.pem", key_file: /etc/key.pem, insecure_skip_verify: true}
            expect:
              slots: [{name: a, type: physical, on: standby}, {name: b, type: logical}, {name: c, on: any}]
              standbys: [{application_name: "x, y", on: any}, {application_name: z}]

        """

    static let cluster = PatroniConfiguration(
        name: "orders",
        urls: ["https://[::1]:8008", "http://b:8008"],
        dsn: Secret("dbname=postgres user=monitor password=hunter2"),
        passwordFile: "/run/secrets/monitor",
        labels: ["site": "dc1", "team": "no"],
        timeout: .milliseconds(500),
        interval: .seconds(90),
        maximumMembers: 300,
        tls: PatroniConfiguration.TLS(
            caFile: "/etc/ca.pem",
            certFile: "/etc/my cert.pem",
            keyFile: "/etc/key.pem",
            insecureSkipVerify: true
        ),
        expectations: TargetConfiguration.Expectations(
            slots: [
                TargetConfiguration.Slot(name: "a", kind: .physical, on: .standby),
                TargetConfiguration.Slot(name: "b", kind: .logical, on: .primary),
                TargetConfiguration.Slot(name: "c", kind: nil, on: .any),
            ],
            standbys: [
                TargetConfiguration.Standby(applicationName: "x, y", on: .any),
                TargetConfiguration.Standby(applicationName: "z", on: .primary),
            ]
        )
    )

    @Test func `all keys are read`() throws {
        #expect(try ConfigurationLoader.test.parse(Self.text).patroni == [Self.cluster])
    }

    @Test func `a cluster needs a name, a URL and a connection string, and there may be clusters alone`() throws {
        let configuration = try ConfigurationLoader.test.parse("patroni: [{name: a, dsn: '', urls: ['https://[::1]:8008']}]")
        let cluster = try #require(configuration.patroni.first)
        #expect(cluster == PatroniConfiguration(name: "a", urls: ["https://[::1]:8008"], dsn: Secret("")))
        #expect(cluster.timeout == .seconds(2))
        #expect(cluster.interval == .seconds(5))
        #expect(cluster.maximumMembers == 64)
        #expect(cluster.tls == PatroniConfiguration.TLS(caFile: nil, certFile: nil, keyFile: nil, insecureSkipVerify: false))
        #expect(cluster.expectations == TargetConfiguration.Expectations(role: .any, slots: [], standbys: []))
        #expect(cluster.labels.isEmpty)
        #expect(cluster.passwordFile == nil)
    }

    @Test(arguments: [
        ("timeout: 100ms", Duration.milliseconds(100), Duration.seconds(5)), ("timeout: 30s", .seconds(30), .seconds(5)),
        ("interval: 1s", .seconds(2), .seconds(1)), ("interval: 5m", .seconds(2), .seconds(300)),
    ])
    func `the limits are allowed`(text: String, timeout: Duration, interval: Duration) throws {
        let cluster = try #require(
            try ConfigurationLoader.test.parse("patroni: [{name: a, dsn: '', urls: [http://a], \(text)}]").patroni.first
        )
        #expect(cluster.timeout == timeout)
        #expect(cluster.interval == interval)
    }

    @Test func `members may be confined, and REST interfaces may want a password`() throws {
        let text = """
            patroni:
              - {name: a, dsn: '', urls: [https://a], members_within: [10.0.0.0/8, "fd00::/8"], basic_auth: {username: u, password: p}}
              - {name: b, dsn: '', urls: [https://b], basic_auth: {username: u, password_file: secret}}
              - {name: c, dsn: '', urls: [https://c]}
            """
        let clusters = try ConfigurationLoader.test.parse(Array(text.utf8), file: "/etc/pgwal/config.yml").patroni
        #expect(clusters.map(\.membersWithin) == [["10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init), [], []])
        #expect(
            clusters.map(\.basicAuth) == [
                .init(username: "u", password: .text(Secret("p"))), .init(username: "u", password: .file("/etc/pgwal/secret")), nil,
            ]
        )
    }

    @Test func `a relative password file is beside the configuration`() throws {
        let text = Array("patroni: [{name: a, dsn: '', urls: [http://a], password_file: ./secret}]".utf8)
        #expect(try ConfigurationLoader.test.parse(text, file: "/etc/pgwal/config.yml").patroni[0].passwordFile == "/etc/pgwal/secret")
    }

    @Test func `the password is read from its file at each call`() throws {
        var cluster = PatroniConfiguration(name: "a", urls: [], dsn: Secret(""))
        #expect(try cluster.readPassword() == nil)
        var removed = ""
        try withFile(Array("hunter2\n".utf8)) { path in
            cluster.passwordFile = path
            removed = path
            let password = try cluster.readPassword()
            #expect(password?.reveal() == "hunter2")
        }
        let error = #expect(throws: PasswordFileError.self) { try cluster.readPassword() }
        #expect(error?.path == removed)
    }

    @Test func `a member is a target with all that the cluster says of it`() {
        let expected = TargetConfiguration(
            name: "orders/pg-1/x",
            dsn: Secret("host=10.0.0.1"),
            passwordFile: "/run/secrets/monitor",
            walDirectory: nil,
            labels: ["site": "dc1", "team": "no"],
            expectations: Self.cluster.expectations
        )
        #expect(Self.cluster.target(member: "pg-1/x", dsn: Secret("host=10.0.0.1")) == expected)
    }
}
