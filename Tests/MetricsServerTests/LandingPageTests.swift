import Judgement
import ReplicationModel
import SnapshotSupport
import Testing
@testable import MetricsServer

struct LandingPageTests {
    private static let hostile = "<script>alert('x')</script>&\"a\""

    @Test("The page of a healthy server, of one with faults and of one that is down is as it was")
    func whole() {
        Snapshot.expect(page([]), equals: "landing-page-empty.html")
        var healthy = snapshot()
        healthy.primaryWAL = PrimaryWAL(inserted: LSN(1), written: LSN(1), flushed: LSN(1), timeline: 3, lastReplayed: nil)
        var faulty = healthy
        faulty.slots = ["a", "b"].map { Slot(name: $0, type: .physical, walStatus: .lost, current: LSN(1)) }
        faulty.walsenders = [Walsender(applicationName: "dc2", state: .streaming, current: LSN(1))]
        let reports = [up(name: "healthy", healthy), up(name: "faulty", faulty), down(name: "gone", reason: "connection refused")]
        Snapshot.expect(page(reports), equals: "landing-page.html")
    }

    @Test("Nothing that a name or a server says becomes markup")
    func escaping() {
        let clean = tags(in: page([up(name: "a"), down(name: "b", reason: "refused")]))
        var snapshot = snapshot()
        snapshot.identity.version = Self.hostile
        let html = page([up(name: Self.hostile, snapshot), down(name: Self.hostile, reason: Self.hostile)], version: Self.hostile, path: "/\"><b>")
        #expect(!html.contains("<script>") && !html.contains("alert('x')") && !html.contains("\"><b>"))
        #expect(tags(in: html) == clean)
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;a&quot;"))
    }

    @Test(
        "Text is escaped character by character",
        arguments: [("a", "a"), ("<", "&lt;"), ("&lt;", "&amp;lt;"), ("\"'", "&quot;&#39;"), ("é\u{301}<\u{301}", "é\u{301}&lt;\u{301}"), ("", "")]
    )
    func escaped(text: String, expected: String) {
        #expect(LandingPage.escaped(text) == expected)
    }

    @Test(
        "A name becomes part of a link as a query wants it",
        arguments: [
            ("orders-dc1_a.b~", "orders-dc1_a.b~"), ("a b&c=d#e+f?g/h", "a%20b%26c%3Dd%23e%2Bf%3Fg%2Fh"), ("é<", "%C3%A9%3C"), ("%", "%25"),
        ]
    )
    func percentEncoded(text: String, expected: String) {
        #expect(page([down(name: text, reason: "")]).contains("href=\"/probe?target=\(expected)\""))
    }

    @Test("A target that is down says why")
    func downTarget() {
        let html = page([down(name: "a", reason: "connection refused")])
        #expect(html.contains("<td class=\"down\">down</td><td colspan=\"2\">connection refused</td><td class=\"number\">12.5 ms</td>"))
    }

    @Test("A target that is up says which server it is, and a line for each thing that matters")
    func upTarget() {
        var snapshot = snapshot()
        snapshot.primaryWAL = PrimaryWAL(inserted: LSN(1), written: LSN(1), flushed: LSN(1), timeline: 3, lastReplayed: nil)
        snapshot.slots = ["a", "<b>"].map { Slot(name: $0, type: .physical, walStatus: .lost, current: LSN(1)) }
        let html = page([up(name: "a", snapshot)])
        #expect(html.contains("<td>PostgreSQL 15.18, primary, timeline 3</td><td>slot a: LOST<br>slot &lt;b&gt;: LOST</td>"))
    }

    @Test("What standbys call themselves becomes no markup")
    func hostileStandby() {
        var snapshot = snapshot()
        snapshot.walsenders = [Walsender(applicationName: Self.hostile, state: .streaming, current: LSN(1))]
        let html = page([up(name: "a", snapshot)])
        #expect(html.contains("&lt;script&gt;") && !html.contains("<script>"))
    }

    private func page(_ reports: [TargetReport], version: String = "1.0.0", path: String = "/metrics") -> String {
        LandingPage(telemetryPath: path, version: version, view: FleetView(reports: reports, now: 1_795_453_600)).html
    }

    private func up(name: String, _ snapshot: ServerSnapshot? = nil) -> TargetReport {
        report(name, .up(snapshot ?? self.snapshot()))
    }

    private func down(name: String, reason: String) -> TargetReport {
        report(name, .down(reason: reason))
    }

    private func report(_ name: String, _ outcome: TargetReport.Outcome) -> TargetReport {
        TargetReport(name: name, labels: [], outcome: outcome, seconds: 0.0125, connects: 1, errors: [:])
    }

    private func snapshot() -> ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "7711412811195800757",
            clusterName: "",
            address: nil,
            postmasterStart: 1_795_453_210,
            walSegmentBytes: 16 << 20
        )
        return ServerSnapshot(identity: identity, role: .primary)
    }

    /// The names of all tags, in their order.
    private func tags(in html: String) -> [Substring] {
        html.split(separator: "<").dropFirst().map { $0.prefix { $0 != " " && $0 != ">" && $0 != "\n" } }
    }
}
