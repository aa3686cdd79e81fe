import ExporterConfiguration
import ReplicationModel
import Testing

@testable import Monitoring

/// Two configurations: which targets stay, with or without their connections, which come and which go.
struct TargetDifferenceTests {
    @Test("Nothing is new in the same")
    func same() {
        let entries = [entry("a", "host=a"), entry("b", "host=b", labels: ["site": "x"])]
        let difference = TargetDifference(from: entries, to: entries)
        #expect(difference.unchanged == ["a", "b"])
        #expect(difference.adapted + difference.moved + difference.added + difference.removed == [])
    }

    @Test("They come, go, move and adapt, in the order of the page")
    func all() {
        let before = [entry("stays", "host=a"), entry("goes", "host=b"), entry("moves", "host=c"), entry("adapts", "host=d")]
        let after = [
            entry("comes", "host=e"), entry("adapts", "host=d", labels: ["site": "x"]), entry("moves", "host=z", labels: ["site": "x"]),
            entry("stays", "host=a"),
        ]
        let difference = TargetDifference(from: before, to: after)
        #expect(difference.unchanged == ["stays"])
        #expect(difference.adapted == ["adapts"])
        #expect(difference.moved == ["moves"])
        #expect(difference.added == ["comes"])
        #expect(difference.removed == ["goes"])
    }

    @Test("The connection depends on the connection string, however it is written, on the password file and on where Patroni says the server is")
    func connection() {
        let former = entry("a", "host=a user='m' port=1")
        #expect(entry("a", "user=m port=1  host='a'").change(from: former) == .settings, "the same in other words")
        #expect(entry("a", "postgresql://m@a:1").change(from: former) == .settings)
        #expect(entry("a", "host=a user=m port=2").change(from: former) == .connection)
        #expect(entry("a", "host=a user=m port=1 password=x").change(from: former) == .connection)
        #expect(entry("a", "host=a user=m").change(from: former) == .connection, "a default is not looked up")
        var other = former
        other.target.passwordFile = "/run/secret"
        #expect(other.change(from: former) == .connection)
        other = former
        other.address = ServerAddress(host: "b", port: 1)
        #expect(other.change(from: former) == .connection)
    }

    @Test("All else leaves the connection alone")
    func settings() {
        let former = entry("a", "host=a")
        var other = former
        other.target.labels = ["site": "x"]
        #expect(other.change(from: former) == .settings)
        other = former
        other.target.expectations.role = .primary
        #expect(other.change(from: former) == .settings)
        other = former
        other.target.walDirectory = "/wal"
        #expect(other.change(from: former) == .settings)
        #expect(former.change(from: former) == .nothing)
    }

    private func entry(_ name: String, _ dsn: String, labels: [String: String] = [:]) -> FleetRoster.Entry {
        .init(target: TargetConfiguration(name: name, dsn: Secret(dsn), labels: labels), address: nil)
    }
}
