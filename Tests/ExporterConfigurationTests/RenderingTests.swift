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
                      slots: []
                      standbys: []
                patroni: []
                collection:
                  timeout: 5s
                  directory_interval: 30s
                  lsn_sample_interval: 1s
                  disable: [wal]

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
                      slots: [{name: standby_cluster, type: physical}]
                      standbys: [{application_name: dc2-leader}]
                  - name: orders-vip
                    dsn: "host=orders.example dbname=postgres user=monitor"
                    labels: {}
                    expect:
                      role: primary
                      slots: []
                      standbys: []
                patroni:
                  - name: orders
                    urls: ["http://10.77.1.11:8008", "http://10.77.1.12:8008"]
                    dsn: "dbname=postgres user=monitor"
                collection:
                  timeout: 5s
                  directory_interval: 30s
                  lsn_sample_interval: 1s
                  disable: [subscriptions]

                """
        )
    }

    @Test(arguments: [
        "targets: [{name: a, dsn: ''}]", "patroni: [{name: 'ä \"b\"', dsn: '', urls: ['http://[::1]:8008']}]",
        "targets: [{name: 'no', dsn: \"a\\nb\", labels: {x: '1', y: 'a: b #c', on: '~'}, password_file: '/a b', wal_directory: '/c d'}]",
        DesignExampleTests.text,
        "targets: [{name: a, dsn: '', expect: {standbys: [{application_name: 'walreceiver, 1'}]}}]\ncollection: {lsn_sample_interval: 0, timeout: 1m30s}",
    ])
    func `what is rendered is read back`(text: String) throws {
        let configuration = try ConfigurationLoader.test.parse(text)
        #expect(try ConfigurationLoader.test.parse(configuration.yaml { $0 }) == configuration)
    }
}
