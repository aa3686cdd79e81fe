import ExporterConfiguration
import Testing

struct DesignExampleTests {
    /// The example that the design of the file began with, word for word.
    static let text = """
        targets:
          - name: orders-dc1-a
            dsn: host=10.77.1.11 dbname=postgres user=monitor sslmode=verify-full
            password_file: /run/secrets/monitor
            labels: {site: dc1}
            expect:
              role: any                       # any | primary | standby
              slots: [{name: standby_cluster, type: physical}]
              standbys: [{application_name: dc2-leader}]
          - name: orders-vip
            dsn: host=orders.example dbname=postgres user=monitor
            expect: {role: primary}
        patroni:
          - name: orders
            urls: [http://10.77.1.11:8008, http://10.77.1.12:8008]
            dsn: dbname=postgres user=monitor   # members become targets with this template
        collection: {timeout: 5s, directory_interval: 30s, lsn_sample_interval: 1s, disable: [subscriptions]}

        """

    static let configuration = Configuration(
        targets: [
            TargetConfiguration(
                name: "orders-dc1-a",
                dsn: Secret("host=10.77.1.11 dbname=postgres user=monitor sslmode=verify-full"),
                passwordFile: "/run/secrets/monitor",
                labels: ["site": "dc1"],
                expectations: TargetConfiguration.Expectations(
                    role: .any,
                    slots: [TargetConfiguration.Slot(name: "standby_cluster", kind: .physical)],
                    standbys: [TargetConfiguration.Standby(applicationName: "dc2-leader")]
                )
            ),
            TargetConfiguration(
                name: "orders-vip",
                dsn: Secret("host=orders.example dbname=postgres user=monitor"),
                expectations: TargetConfiguration.Expectations(role: .primary)
            ),
        ],
        patroni: [
            PatroniConfiguration(
                name: "orders",
                urls: ["http://10.77.1.11:8008", "http://10.77.1.12:8008"],
                dsn: Secret("dbname=postgres user=monitor")
            )
        ],
        collection: CollectionConfiguration(disabledCollectors: ["subscriptions"]),
        origin: .file("config.yml")
    )

    @Test func `the example of the design is read whole`() throws {
        #expect(try ConfigurationLoader.test.parse(Self.text) == Self.configuration)
    }

    @Test(arguments: ["\u{FEFF}", "# comment\n", "---\n", "%YAML 1.2\n---\n"])
    func `what may stand before a document changes nothing`(prefix: String) throws {
        #expect(try ConfigurationLoader.test.parse(prefix + Self.text) == Self.configuration)
    }

    @Test func `line ends of Windows change nothing`() throws {
        let text = String(Self.text.flatMap { $0 == "\n" ? "\r\n" : String($0) })
        #expect(try ConfigurationLoader.test.parse(text) == Self.configuration)
    }
}
