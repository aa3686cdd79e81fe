import Judgement
import ReplicationModel
import Testing

struct PrimaryFindingTests {
    // MARK: two_primaries

    @Test("Two primaries of one system: the one on the older timeline is told of, with the facts of both")
    func twoPrimaries() throws {
        let reports = [report("a", primary(start: 1)), report("b", primary(start: 2, timeline: 2, fork: 0x400_03F8))]
        let found = findings(.twoPrimaries, reports)
        #expect(found.count == 1)
        let finding = try #require(found.first)
        #expect(finding.severity == .critical)
        #expect(finding.target == "a")
        #expect(finding.upstream == "b")
        #expect(finding.value(of: "timeline of a") == "1")
        #expect(finding.value(of: "timeline of b") == "2")
        #expect(finding.value(of: "b was promoted at") == "0/40003F8")
        #expect(finding.value(of: "newest history file of b written") == "1970-01-01T00:00:52Z")
        #expect(finding.summary.contains("b is on the later timeline"))
    }

    /// Same number, same fork, same name of the WAL file; only the time of the history file tells.
    @Test("On one timeline nobody can tell which one is right; the one that was promoted later is told of")
    func sameTimeline() {
        let a = primary(start: 1, timeline: 2, fork: 0x400_03F8) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 300) }
        let b = primary(start: 2, timeline: 2, fork: 0x400_03F8) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 200) }
        let found = findings(.twoPrimaries, [report("a", a), report("b", b)])
        #expect(found.map(\.target) == ["a"])
        #expect(found.map(\.upstream) == ["b"])
        var unknown = b
        unknown.walDirectory = nil
        let undecided = findings(.twoPrimaries, [report("a", a), report("b", unknown)])
        #expect(undecided.map(\.target) == ["b"])
        #expect(undecided.first?.value(of: "which one is right") != nil)
        #expect(undecided.first?.summary.contains("cannot be told") == true)
    }

    @Test("One of each system, or one behind a virtual address, is not two; three are two too many")
    func notTwo() {
        let a = primary(start: 1)
        #expect(findings(.twoPrimaries, [report("a", a), report("vip", a), report("x", primary(start: 3, system: "8"))]).isEmpty)
        #expect(findings(.twoPrimaries, [report("a", a), report("b", standby(start: 2))]).isEmpty)
        #expect(findings(.twoPrimaries, [report("a", a), downReport("b", lastSeen: primary(start: 2))]).isEmpty)
        let three = [report("a", a), report("b", primary(start: 2, timeline: 3)), report("c", primary(start: 3, timeline: 2))]
        #expect(findings(.twoPrimaries, three).map(\.target) == ["a", "c"])
    }

    @Test("While two primaries are alive that comes first, and nothing is destroyed at any server of theirs; at others it is")
    func decidedFirst() throws {
        let lost = slot("gone", restart: nil, status: .lost)
        let a = primary(start: 1) { $0.slots = [lost] }
        let other = primary(start: 3, system: "8") { $0.slots = [lost] }
        let alone = try #require(findings(.slotLost, [report("a", a)]).first)
        #expect(alone.cures.contains { $0.effect == .destructive })
        let found = findings([report("a", a), report("b", primary(start: 2, timeline: 2, fork: 0x400_03F8)), report("x", other)])
        #expect(found.map(\.code) == [.twoPrimaries, .slotLost, .slotLost])
        #expect(found.map { $0.cures.contains { $0.effect == .destructive } } == [false, false, true])
        #expect(found[1].cures.last?.text.contains("Decide first which one keeps its data") == true)
    }

    // MARK: split_brain_unresolved

    @Test("A side that came back as a standby, without proof, is told of whatever its positions say")
    func unresolved() throws {
        let reports = [
            report("a", standby(start: 3, timeline: 2) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 51) }, member: "pg1"),
            report("b", primary(start: 2, timeline: 2)),
        ]
        let finding = try #require(findings(.splitBrainUnresolved, reports, splits: [split()]).first)
        #expect(finding.severity == .critical)
        #expect(finding.target == "a")
        #expect(finding.upstream == "b")
        #expect(finding.confidence == .suspected)
        #expect(finding.cures(.command) == [], "what is not proven destroys nothing")
        #expect(finding.value(of: "newest history file of a") == "timeline 2, written 1970-01-01T00:00:51Z")
        #expect(finding.value(of: "a was a primary last") == "1970-01-01T00:02:01Z, on timeline 2")
    }

    @Test("Without the directory nothing can be proven, which is told too")
    func unresolvedWithoutDirectory() {
        let reports = [report("a", standby(start: 3, timeline: 2) { $0.walDirectory = nil }), report("b", primary(start: 2, timeline: 2))]
        let found = findings(.splitBrainUnresolved, reports, splits: [split()])
        #expect(found.first?.value(of: "history files of a") == "unknown: pg_ls_waldir() was not read")
    }

    @Test("Nothing unresolved while both are primaries, while the side is down, and of the side that others gave way to")
    func notUnresolved() {
        let a = report("a", standby(start: 3, timeline: 2))
        let b = report("b", primary(start: 2, timeline: 2))
        #expect(findings(.splitBrainUnresolved, [a, b]).isEmpty)
        #expect(findings(.splitBrainUnresolved, [report("a", primary(start: 1, timeline: 2)), b], splits: [split()]).isEmpty)
        #expect(findings(.splitBrainUnresolved, [downReport("a"), b], splits: [split()]).isEmpty)
        #expect(findings(.splitBrainUnresolved, [report("a", standby(start: 3, system: "8")), b], splits: [split()]).isEmpty)
        let switched = [a, report("b", standby(start: 4, timeline: 3)), report("b2", primary(start: 5, timeline: 3))]
        #expect(findings(.splitBrainUnresolved, switched, splits: [split()]).map(\.target) == ["a"])
        #expect(findings(.splitBrainUnresolved, switched, splits: [split()]).map(\.upstream) == ["b2"])
    }

    // MARK: role_mismatch

    @Test("A virtual address on a read-only node is told of the address, with the server that answers and the one that should")
    func roleMismatch() throws {
        let demoted = standby(start: 2, clusterName: "dc1")
        let reports = [
            report("vip", demoted, expecting: Expectations(role: .primary)), report("dc1-pg1", demoted),
            report("dc1-pg2", primary(start: 1)),
        ]
        let found = findings(.roleMismatch, reports)
        #expect(found.map(\.target) == ["vip"])
        #expect(found.first?.severity == .critical)
        #expect(found.first?.value(of: "the same server is") == "dc1-pg1")
        #expect(found.first?.value(of: "primary of this system") == "dc1-pg2")
        #expect(found.first?.value(of: "cluster_name") == "dc1")
    }

    @Test("The expected role, none that is expected, or no answer", arguments: [ServerRole.primary, nil])
    func roleMatches(role: ServerRole?) {
        #expect(findings(.roleMismatch, [report("a", primary(start: 1), expecting: Expectations(role: role))]).isEmpty)
        #expect(findings(.roleMismatch, [downReport("a", role: role)]).isEmpty)
        #expect(findings(.roleMismatch, [report("a", primary(start: 1), expecting: Expectations(role: .standby))]).count == 1)
    }

    /// As remembered after `a` came back as a standby.
    private func split() -> SplitBrain {
        var memory = FleetMemory()
        for time in [110.0, 120] {
            memory.note(report("a", primary(start: 1, timeline: 2)), at: time + 1)
            memory.note(report("b", primary(start: 2, timeline: 2)), at: time + 2)
        }
        memory.note(report("a", standby(start: 3, timeline: 2) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 51) }), at: 130)
        return memory.splits[0]
    }

    @Test("A primary whose answer is still waited for is none beside another one, and remains the primary where there is no other")
    func pending() {
        var hung = report("a", primary(start: 1))
        hung.isPending = true
        let successor = report("b", primary(start: 2, timeline: 2))
        #expect(findings(.twoPrimaries, [hung, successor]).isEmpty)
        #expect(findings(.twoPrimaries, [report("a", primary(start: 1)), successor]).count == 1)
        #expect(FleetView(reports: [hung], now: 1_000).primary(of: system)?.target == "a")
    }
}
