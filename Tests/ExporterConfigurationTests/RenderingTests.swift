import Testing

@testable import ExporterConfiguration

struct RenderingTests {
    @Test func `the effective configuration shows every default and no password`() throws {
        let configuration = try ConfigurationLoader.test.load(
            file: nil,
            dsn: nil,
            environment: ["PGWAL_DSN": "host=a password=hunter2"],
            overrides: Overrides(collectors: ["wal": false])
        )
        #expect(
            configuration.yaml { $0.replacing("hunter2", with: "***") } == """
                # From PGWAL_DSN, with all defaults; passwords are left out.
                targets:
                  - name: postgres
                    dsn: "host=a password=***"
                    labels: {}
                    expect:
                      role: any
                      detached: false
                      slots: []
                      standbys: []
                patroni: []
                collection:
                  timeout: 5s
                  directory_interval: 30s
                  lsn_sample_interval: 1s
                  disable: [wal]
                silence: []

                """
        )
    }

    @Test func `the example of the design is rendered whole`() {
        #expect(
            DesignExampleTests.configuration.yaml { $0 } == """
                # From config.yml, with all defaults; passwords are left out.
                targets:
                  - name: orders-dc1-a
                    dsn: "host=10.77.1.11 dbname=postgres user=monitor sslmode=verify-full"
                    password_file: /run/secrets/monitor
                    labels: {site: dc1}
                    expect:
                      role: any
                      detached: false
                      slots: [{name: standby_cluster, type: physical, "on": primary}]
                      standbys: [{application_name: dc2-leader, "on": primary}]
                  - name: orders-vip
                    dsn: "host=orders.example dbname=postgres user=monitor"
                    labels: {}
                    expect:
                      role: primary
                      detached: false
                      slots: []
                      standbys: []
                patroni:
                  - name: orders
                    urls: ["http://10.77.1.11:8008", "http://10.77.1.12:8008"]
                    dsn: "dbname=postgres user=monitor"
                    labels: {}
                    timeout: 2s
                    interval: 5s
                    max_members: 64
                    expect:
                      slots: []
                      standbys: []
                collection:
                  timeout: 5s
                  directory_interval: 30s
                  lsn_sample_interval: 1s
                  disable: [subscriptions]
                silence: []

                """
        )
    }

    @Test func `a cluster is rendered whole`() throws {
        let lines = try ConfigurationLoader.test.parse(PatroniTests.text).yaml { $0.replacing("hunter2", with: "***") }
        #expect(
            lines.contains(
                """
                patroni:
                  - name: orders
                    urls: ["https://[::1]:8008", "http://b:8008"]
                    dsn: "dbname=postgres user=monitor password=***"
                    password_file: /run/secrets/monitor
                    labels: {site: dc1, team: "no"}
                    timeout: 500ms
                    interval: 1m30s
                    max_members: 300
                    tls_config:
                      ca_file: /etc/ca.pem
                      cert_file: "/etc/my cert.pem"
                      key_file: /etc/key.pem
                      insecure_skip_verify: true
                    expect:
                      slots: [{name: a, type: physical, "on": standby}, {name: b, type: logical, "on": primary}, {name: c, "on": any}]
                      standbys: [{application_name: "x, y", "on": any}, {application_name: z, "on": primary}]
                collection:

                """
            )
        )
        #expect(!lines.contains("hunter2"))
    }

    @Test func `a URL with TLS shows how it is trusted by default`() throws {
        let configuration = try ConfigurationLoader.test.parse("patroni: [{name: a, dsn: '', urls: ['https://a']}]")
        #expect(configuration.yaml { $0 }.contains("\n    tls_config:\n      insecure_skip_verify: false\n    expect:\n"))
    }

    @Test func `where members may be and how REST is authenticated is shown, without the password`() throws {
        let text = """
            patroni:
              - {name: a, dsn: '', urls: [http://a], members_within: [10.0.0.0/8, "fd00::/8"], basic_auth: {username: u, password: hunter2}}
              - {name: b, dsn: '', urls: [http://b], basic_auth: {username: u, password_file: /p}}
            """
        let configuration = try ConfigurationLoader.test.parse(text)
        let lines = configuration.yaml { $0 }
        #expect(lines.contains("    members_within: [\"10.0.0.0/8\", \"fd00::/8\"]\n    basic_auth: {username: u, password: \"***\"}\n    expect:\n"))
        #expect(lines.contains("    max_members: 64\n    basic_auth: {username: u, password_file: /p}\n"))
        #expect(!lines.contains("hunter2") && !"\(configuration)".contains("hunter2"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(dumped.contains("fd00") && !dumped.contains("hunter2"))
    }

    @Test(arguments: [
        "patroni: [{name: a, dsn: '', urls: [http://a], members_within: ['::/0', 10.0.0.1], basic_auth: {username: 'a b', password_file: /c d}}]",
        "targets: [{name: a, dsn: ''}]", "patroni: [{name: 'ä \"b\"', dsn: '', urls: ['http://[::1]:8008']}]",
        "targets: [{name: 'no', dsn: \"a\\nb\", labels: {x: '1', y: 'a: b #c', on: '~'}, password_file: '/a b', wal_directory: '/c d'}]",
        DesignExampleTests.text, PatroniTests.text,
        "patroni: [{name: a, dsn: '', urls: ['https://a']}]",
        "targets: [{name: a, dsn: '', expect: {role: standby, slots: [{name: on}], standbys: [{application_name: a, on: any}]}}]",
        "targets: [{name: a, dsn: '', expect: {standbys: [{application_name: 'walreceiver, 1'}]}}]\ncollection: {lsn_sample_interval: 0, timeout: 1m30s}",
    ])
    func `what is rendered is read back`(text: String) throws {
        let configuration = try ConfigurationLoader.test.parse(text)
        #expect(try ConfigurationLoader.test.parse(configuration.yaml { $0 }) == configuration)
    }
}
