import Judgement
import ReplicationModel
import Testing

/// Clones and copies: the system identifier of others, and a life of their own.
struct CopyTests {
    @Test("A copy beside a primary that is followed, on its timeline: suspected, with what speaks for it and what to say if it is one")
    func suspected() throws {
        let finding = try #require(found([report("p", followed()), report("staging", primary(start: 5, timeline: 2))]).first)
        #expect(finding.code == .twoPrimaries)
        #expect(finding.confidence == .suspected)
        #expect(finding.severity == .critical)
        let reasons = try #require(finding.value(of: "staging may be a copy"))
        #expect(reasons.contains("nobody streams from staging") && reasons.contains("1 standbys stream from p"))
        #expect(finding.cures.first?.text.contains("expect: {detached: true}") == true)
    }

    @Test("A copy that was recovered to a point in time is on a later timeline, and is the copy all the same")
    func laterTimeline() throws {
        let finding = try #require(found([report("p", followed()), report("staging", primary(start: 5, timeline: 3, fork: 0x400_0000))]).first)
        #expect(finding.confidence == .suspected)
        #expect(finding.value(of: "staging may be a copy") != nil)
        #expect(finding.value(of: "p may be a copy") == nil)
    }

    @Test("On the first timeline nobody was ever promoted: one of the two is a copy, whoever that is")
    func firstTimeline() {
        #expect(found([report("a", primary(start: 1)), report("b", primary(start: 2))]).map(\.confidence) == [.suspected])
    }

    @Test("A promotion that was seen, a follower on each side, or two members of Patroni: no copy")
    func split() {
        let (p, s) = (report("p", followed()), report("s", primary(start: 5, timeline: 3, fork: 0x400_0000)))
        let promoted = Set([s.snapshot, p.snapshot].compactMap(\.self).map { ServerInstance($0) })
        for one in promoted { #expect(found([p, s], wasStandby: [one]).map(\.confidence) == [.proven]) }
        #expect(found([p, report("s", followed(start: 5, timeline: 3))]).map(\.confidence) == [.proven])
        let members = [report("p", followed(), member: "p"), report("s", primary(start: 5, timeline: 3), member: "s", of: "dc2")]
        #expect(found(members).map(\.confidence) == [.proven])
        #expect(found([report("a", primary(start: 1, timeline: 2)), report("b", primary(start: 2, timeline: 3))]).map(\.confidence) == [.proven])
    }

    @Test("The memory knows who was a standby in this life, as long as somebody reaches it")
    func promotionSeen() {
        var memory = FleetMemory()
        memory.note(report("s", standby(start: 5)), at: 1)
        #expect(memory.wereStandbys == [ServerInstance(standby(start: 5))])
        memory.note(report("s", primary(start: 5, timeline: 2)), at: 2)
        #expect(memory.wereStandbys == [ServerInstance(primary(start: 5, timeline: 2))])
        memory.note(report("s", primary(start: 6, timeline: 2)), at: 3)
        #expect(memory.wereStandbys.isEmpty)
    }

    @Test("One that is said to be detached is of no family: no second primary, no failback, no split, and what was remembered of it is forgotten")
    func detached() {
        var staging = report("staging", primary(start: 5, timeline: 3, fork: 0x400_0000))
        let p = report("p", followed())
        var memory = FleetMemory()
        for time in [1.0, 2, 3] {
            memory.note(p, at: time * 10)
            memory.note(staging, at: time * 10 + 1)
        }
        #expect(memory.splits.count == 1)
        staging.detach()
        #expect(findings([p, staging]) == [])
        var down = downReport("staging", lastSeen: staging.snapshot)
        #expect(findings(.failback, [report("p", primary(start: 1, timeline: 4)), down]) == [])
        down.detach()
        #expect(findings(.failback, [report("p", primary(start: 1, timeline: 4)), down]) == [])
        memory.note(staging, at: 50)
        memory.note(p, at: 51)
        memory.note(staging, at: 52)
        #expect(memory.splits.isEmpty)
    }

    private func found(_ reports: [TargetReport], wasStandby: Set<ServerInstance> = []) -> [Finding] {
        findings(in: view(reports, wasStandby: wasStandby)).filter { $0.code == .twoPrimaries }
    }

    /// A primary from which a standby streams.
    private func followed(start: Double = 1, timeline: Int64 = 2) -> ServerSnapshot {
        primary(start: start, timeline: timeline) { $0.walsenders = [walsender("s")] }
    }
}
