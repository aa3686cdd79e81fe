import Judgement
import ReplicationModel
import Testing

/// What is seen of two sites when the link between them, or the address that leads to one of them, is wrong.
struct SiteFindingTests {
    private func silent(_ seconds: Double?, at position: Int64 = 0x500_0000) -> TargetReport {
        var sender = walsender("dc2-pg1", address: "10.77.2.11", slot: "dc2")
        sender.flushed = LSN(position)
        sender.unansweredSeconds = seconds
        return report("dc1-pg1", primary(start: 1) { $0.walsenders = [sender] }, at: [address("10.77.1.11")])
    }

    @Test("A sender that hears nothing for more than ten seconds while WAL waits: the link is named by both of its ends")
    func linkSilent() throws {
        let standby = report("dc2-pg1", standby(start: 2, from: upstream("10.77.1.11", slot: "dc2")), at: [address("10.77.2.11")])
        let finding = try #require(findings(.linkSilent, [silent(12, at: 0x400_0000), standby]).first)
        #expect(finding.severity == .warning)
        #expect([finding.target, finding.standby, finding.upstream, finding.slot] == ["dc1-pg1", "dc2-pg1", "dc1-pg1", "dc2"])
        #expect(finding.value(of: "WAL that it has not flushed") == "16 MiB")
        #expect(finding.value(of: "dc2-pg1 answers the exporter") == "true")
        // Where only the sender is watched, the other end goes by its application_name and address.
        #expect(findings(.linkSilent, [silent(12)]).map(\.summary).first?.contains("dc2-pg1 (10.77.2.11)") == true)
        let long = try #require(findings(.linkSilent, [silent(61, at: 0x400_0000), standby]).first)
        #expect(long.severity == .critical && long.alert?.name == "PgwalLinkSilent")
        for quiet: Double? in [nil, 0, 10] { #expect(findings(.linkSilent, [silent(quiet), standby]).isEmpty) }
    }

    @Test("An address that should lead to the primary and leads to a standby is critical, and names the server")
    func addressOnStandby() throws {
        let standby = standby(start: 2, clusterName: "orders")
        let vip = report("vip", standby, expecting: Expectations(role: .primary))
        let known = try #require(findings(.roleMismatch, [report("dc1-pg2", standby), vip]).first)
        #expect(known.severity == .critical)
        #expect(known.target == "vip")
        #expect(known.summary == "vip leads to dc1-pg2, a standby, and should lead to a primary: nobody can write through it.")
        var alone = standby
        alone.identity.address = "10.77.1.12"
        alone.identity.port = 5432
        let unknown = try #require(findings(.roleMismatch, [report("vip", alone, expecting: Expectations(role: .primary))]).first)
        #expect(unknown.summary == "vip leads to orders at 10.77.1.12:5432, a standby, and should lead to a primary: nobody can write through it.")
        let other = try #require(findings(.roleMismatch, [report("ro", primary(start: 1), expecting: Expectations(role: .standby))]).first)
        #expect(other.severity == .warning)
        #expect(other.summary == "ro is a primary, and should be a standby.")
    }

    /// Promoted at 0/6000060.
    private var survivor: TargetReport {
        report("b", primary(start: 2, timeline: 2, at: 0x700_0000, fork: 0x600_0060), at: [address("10.77.1.12")])
    }

    private func lost(end: Int64, isUp: Bool = false, _ change: (inout ServerSnapshot) -> Void = { _ in }) -> ServerSnapshot {
        standby(start: 3, at: end, from: upstream("10.77.1.12", slot: "c"), isUp: isUp) {
            $0.walDirectory?.segmentTimeline = 1
            $0.walDirectory?.end = LSN(end)
            change(&$0)
        }
    }

    @Test("A standby that ends beyond its primary's fork has to be rewound, and is sent to nobody's slots")
    func standbyBeyondFork() throws {
        let reports = [survivor, report("c", lost(end: 0x600_0458))]
        let finding = try #require(findings(.failback, reports).first)
        #expect([finding.target, finding.standby, finding.upstream] == ["c", "c", "b"])
        #expect(
            finding.summary
                == "Standby c has data that primary b never had, and needs pg_rewind to follow primary b: it wrote 1016 bytes beyond the fork."
        )
        #expect(finding.cures(.command).contains { $0.hasPrefix("pg_rewind ") })
        #expect(findings(.timelineBehind, reports).isEmpty)
        let notStreaming = try #require(findings(.standbyNotStreaming, reports).first)
        #expect(!notStreaming.cures.contains { $0.text.contains("slot") })
        // Of one that streams from the lost side, what it is told is of the lost timeline.
        #expect(findings(.failback, [survivor, report("c", lost(end: 0x600_0458, isUp: true))]).count == 1)
        let refused = report("c", lost(end: 0x600_0458) { $0.settings?.walLogHints = false })
        #expect(findings(.failbackNeedsBaseBackup, [survivor, refused]).map(\.target) == ["c"])
    }

    @Test("Not beyond the fork, or not certainly: it may have followed since, as its pg_wal shows, or that was read before")
    func standbyNotBeyondFork() {
        let unknown: [(inout ServerSnapshot) -> Void] = [
            { $0.walDirectory?.segmentTimeline = 2 }, { $0.walDirectory?.end = LSN(0x600_0000) }, { $0.walDirectory = nil },
        ]
        for change in unknown {
            let reports = [survivor, report("c", lost(end: 0x600_0458, change))]
            #expect(findings(.failback, reports).isEmpty)
            #expect(findings(.timelineBehind, reports).count == 1)
        }
        for end: Int64 in [0x600_0060, 0x600_0000] {
            let reports = [survivor, report("c", lost(end: end))]
            #expect(findings(.failback, reports).isEmpty)
            #expect(findings(.timelineBehind, reports).count == 1)
        }
    }

    @Test(
        "A site is stopped before it is told to follow, when it needs a base backup; while both live nothing is said before it is decided which stays"
    )
    func offlineOrder() throws {
        let former = primary(start: 1, timeline: 2, at: 0x700_0000, clusterName: "orders-1")
        let leader = report("dc2-pg1", primary(start: 2, timeline: 2, at: 0x700_0000, clusterName: "orders-2"), member: "dc2-pg1", of: "dc2")
        let site1 = downReport(
            "dc1-pg1",
            lastSeen: primary(start: 1, timeline: 2, clusterName: "orders-1") { $0.walDirectory?.historyFileModified = 7 },
            member: "dc1-pg1"
        )
        let clusters = [cluster("dc1", [member("dc1-pg1", role: "leader")]), cluster("dc2", [member("dc2-pg1", role: "leader", at: "10.77.2.11")])]
        let found = findings(.failbackNeedsBaseBackup, [leader, site1], clusters: clusters)
        let cures = try #require(found.first { $0.target == "dc1-pg1" } ?? found.first).cures.map(\.text)
        let stop = try #require(cures.firstIndex { $0.hasPrefix("Stop Patroni on all members") })
        let follow = try #require(cures.firstIndex { $0.contains("standby_cluster={") })
        let empty = try #require(cures.firstIndex { $0.contains("empty their data") })
        #expect(stop < follow && follow < empty)
        let both = [leader, report("dc1-pg1", former, member: "dc1-pg1")]
        #expect(findings(.failbackNeedsBaseBackup, both, clusters: clusters).isEmpty && findings(.twoPrimaries, both, clusters: clusters).count == 1)
    }

    @Test("A replica of the lost side follows its leader first")
    func replicaOfLostSide() throws {
        let replica = report("dc1-pg2", lost(end: 0x600_0458) { $0.identity.clusterName = "orders-1" }, member: "dc1-pg2")
        let leader = report("dc2-pg1", primary(start: 2, timeline: 2, at: 0x700_0000, fork: 0x600_0060), member: "dc2-pg1", of: "dc2")
        let finding = try #require(findings(.failback, [leader, replica]).first)
        #expect(finding.cures.first?.text.hasPrefix("First bring the leader of orders-1 back") == true)
        #expect(finding.cures(.command) == ["patronictl reinit orders-1 dc1-pg2"])
    }
}
