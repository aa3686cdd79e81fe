import ExporterConfiguration
import Testing
import YAMLTree

/// What docs/configuration.md shows is what the loader does.
struct DocumentationTests {
    /// The code blocks of the page below a line of their own, without the line that names their language.
    private func blocks(below line: String) throws -> [String] {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let page = String(decoding: try BoundedFile.bytes(of: root + "/docs/configuration.md", limit: 1 << 20), as: UTF8.self)
        let parts = page.split(separator: "\n\(line)\n", maxSplits: 1)
        let part = try #require(parts.count == 2 ? parts[1] : nil, "no line \(line)")
        return part.split(separator: "\n```", omittingEmptySubsequences: false).enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { block in
            String(block.element.drop { $0 != "\n" }.dropFirst())
        }
    }

    @Test func `the example is read, and shows the defaults of the collection and of the clusters`() throws {
        var expected = DesignExampleTests.configuration
        expected.collection = CollectionConfiguration()
        expected.targets[0].walDirectory = "/srv/pg/15/pg_wal"
        expected.stateFile = "/var/lib/pgwal-exporter/state"
        expected.patroni[0].passwordFile = "/run/secrets/monitor"
        expected.patroni[0].labels = ["site": "dc1"]
        expected.patroni[0].expectations.slots = [TargetConfiguration.Slot(name: "warehouse", kind: .logical)]
        #expect(try ConfigurationLoader.test.parse(blocks(below: "## The file")[0]) == expected)
    }

    @Test func `the example of expectations has the roles that it says`() throws {
        let targets = try ConfigurationLoader.test.parse(blocks(below: "### What is expected")[0]).targets
        #expect(targets.map(\.expectations.role) == [.any, .standby])
        #expect(targets.map { $0.expectations.slots.map(\.on) } == [[.primary, .any, .standby], []])
        #expect(targets.map { $0.expectations.slots.map(\.kind) } == [[.physical, .logical, nil], []])
        #expect(targets.map { $0.expectations.standbys.map(\.on) } == [[.primary], [.standby]])
    }

    @Test func `the example of a silence is read`() throws {
        let silences = try ConfigurationLoader.test.parse(blocks(below: "### What is known")[0]).silences
        #expect(silences.map(\.slot) == ["reserve"])
        #expect(silences.map(\.untilText) == ["2027-02-01T00:00:00Z"])
    }

    @Test func `the example of TLS begins paths at the folder of the file`() throws {
        let text = try blocks(below: "### Patroni")[0]
        let cluster = try #require(try ConfigurationLoader.test.parse(Array(text.utf8), file: "/etc/pgwal/config.yml").patroni.first)
        let expected = PatroniConfiguration.TLS(
            caFile: "/etc/pgwal/ca.pem",
            certFile: "/etc/pgwal/client.pem",
            keyFile: "/etc/pgwal/client.key",
            insecureSkipVerify: false
        )
        #expect(cluster.tls == expected)
    }

    @Test func `the examples of basic_auth and members_within are read`() throws {
        let rest = try ConfigurationLoader.test.parse(Array(blocks(below: "### Patroni")[1].utf8), file: "/etc/pgwal/config.yml").patroni.first
        #expect(rest?.basicAuth == .init(username: "exporter", password: .file("/etc/pgwal/rest-password")))
        let confined = try ConfigurationLoader.test.parse(blocks(below: "### How far Patroni is trusted")[0]).patroni.first
        #expect(confined?.membersWithin.map(\.description) == ["10.77.0.0/16", "fd00:77::/32"])
    }

    @Test func `the wrong example gives the messages shown`() throws {
        let blocks = try blocks(below: "## Mistakes")
        #expect(errors(in: blocks[0]).joined(separator: "\n") == blocks[1])
    }

    @Test(arguments: [
        "patroni: [{name: orders, urls: [http://a], dsn: host=a}]",
        "patroni: [{name: orders, urls: [https://a], dsn: '', tls_config: {ca_file: absent}}]",
        "patroni: [{name: orders, urls: [https://a], dsn: '', expect: {role: primary}}]",
        "patroni: [{name: orders, urls: ['https://u:p@a'], dsn: ''}]",
        "patroni: [{name: orders, urls: [https://a], dsn: '', members_within: [10.0.0.1/8]}]",
        "patroni: [{name: orders, urls: [https://a], dsn: '', basic_auth: {username: a}}]",
        "targets: [{name: orders/pg1, dsn: ''}]\npatroni: [{name: orders, urls: [http://a], dsn: ''}]",
    ])
    func `further messages on the page are those of the loader`(text: String) throws {
        let shown = try blocks(below: "Others that you may meet:")[0].split(separator: "\n")
        let line = try #require(errors(in: text).first)
        // All but the place, which is that of another file.
        let message = line.split(separator: ": ", maxSplits: 1)[1]
        #expect(shown.contains { $0.split(separator: ": ", maxSplits: 1)[1] == message }, "\(message)")
    }
}
