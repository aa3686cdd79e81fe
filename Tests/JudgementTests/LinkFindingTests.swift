import Judgement
import ReplicationModel
import Testing

/// A link that was silent until the sender gave up: what is left to see are its consequences.
struct LinkFindingTests {
    private static let since = 100.0

    private func sender(_ change: (inout ServerSnapshot) -> Void = { _ in }) -> TargetReport {
        let snapshot = primary(start: 1) {
            $0.slots = [slot("dc2")]
            change(&$0)
        }
        return report(
            "dc1",
            snapshot,
            expecting: Expectations(standbys: [.init(applicationName: "dc2", scope: .any, source: .config)]),
            at: [address("10.77.1.11")]
        )
    }

    private func silent(_ seconds: Double) -> TargetReport {
        var walsender = walsender("dc2", address: "10.77.2.11", slot: "dc2")
        walsender.flushed = LSN(0x400_0000)
        walsender.unansweredSeconds = seconds
        return sender { $0.walsenders = [walsender] }
    }

    private func receiver(isUp: Bool, messageAge: Double = 1, _ change: (inout ServerSnapshot) -> Void = { _ in }) -> TargetReport {
        let snapshot = standby(start: 2, from: upstream("10.77.1.11", slot: "dc2"), isUp: isUp) {
            $0.receiver?.session?.lastMessageAge = messageAge
            change(&$0)
        }
        return report("dc2", snapshot, at: [address("10.77.2.11")])
    }

    /// What is remembered after a silence, and what came then.
    private func memory(_ later: [(TargetReport, Double)] = []) -> FleetMemory {
        var memory = FleetMemory()
        memory.note(receiver(isUp: true), at: 80)
        memory.note(silent(0), at: 80)
        memory.note(silent(12), at: Self.since)
        memory.note(receiver(isUp: true, messageAge: 20), at: 110)
        for (report, time) in later { memory.note(report, at: time) }
        return memory
    }

    private func found(_ reports: [TargetReport], _ memory: FleetMemory) -> [Finding] {
        findings(in: FleetView(reports: reports, silentLinks: memory.silentLinks, now: 1_000))
    }

    @Test("A link that was silent until the sender gave up is still the fault, and what follows from it stands under it")
    func ended() throws {
        let reports = [sender(), receiver(isUp: false)]
        let found = found(reports, memory(reports.map { ($0, 200) }))
        let link = try #require(found.first { $0.code == .linkSilent })
        #expect([link.target, link.standby, link.upstream, link.slot] == ["dc1", "dc2", "dc1", "dc2"])
        #expect(link.severity == .critical && link.confidence == .suspected)
        let consequences: [FindingCode] = [.standbyNotStreaming, .standbyMissing, .slotInactive]
        for code in consequences { #expect(found.first { $0.code == code }?.cause == link.asCause, "\(code)") }
        #expect(found.allSatisfy { consequences.contains($0.code) || $0.cause == nil })
    }

    @Test("Not where it is connected again, or follows another one, or its slot or its WAL is gone, or it does not run")
    func notEnded() {
        let gone: [(inout ServerSnapshot) -> Void] = [
            { $0.slots = [] }, { $0.slots = [slot("dc2", restart: nil, status: .lost)] }, { $0.walDirectory?.oldestKept = LSN(0x600_0000) },
            { $0.walsenders = nil },
        ]
        for change in gone {
            #expect(!found([sender(change), receiver(isUp: false)], memory()).contains { $0.code == .linkSilent })
        }
        #expect(!found([sender(), receiver(isUp: true)], memory()).contains { $0.code == .linkSilent })
        #expect(!found([sender(), downReport("dc2")], memory()).contains { $0.code == .linkSilent })
        #expect(!found([sender(), receiver(isUp: false) { $0.recovery?.isEndKnown = false }], memory()).contains { $0.code == .linkSilent })
        // What it says of the time before the silence is no sign of life, and what it says of after is.
        #expect(memory([(receiver(isUp: true, messageAge: 40), 120)]).silentLinks.count == 1)
        #expect(memory([(receiver(isUp: true, messageAge: 1), 120)]).silentLinks.isEmpty)
        #expect(memory([(silent(0), 120)]).silentLinks.isEmpty)
        // The sender has started anew since: what happened to its links is not known.
        let restarted = report("dc1", primary(start: 150) { $0.slots = [slot("dc2")] }, at: [address("10.77.1.11")])
        #expect(memory([(restarted, 200)]).silentLinks.isEmpty)
        var watchedNoMore = memory()
        watchedNoMore.keep(onlyTargets: ["dc2"])
        #expect(watchedNoMore.silentLinks.isEmpty)
    }

    @Test("A slot that is about to be lost is told for itself, whatever its cause")
    func notFolded() {
        let found = found([sender { $0.slots = [slot("dc2", status: .unreserved)] }, receiver(isUp: false)], memory())
        #expect(found.contains { $0.code == .slotInactive && $0.severity == .critical && $0.cause == nil })
    }

    @Test("A standby that receives nothing is worse than a link that is silent: it is told for itself")
    func worse() throws {
        let found = found([silent(12), receiver(isUp: false)], FleetMemory())
        #expect(found.first { $0.code == .linkSilent }?.severity == .warning)
        let standby = try #require(found.first { $0.code == .standbyNotStreaming })
        #expect(standby.severity == .critical && standby.cause == nil)
    }

    @Test("A slot of the same name at another server is another one")
    func sameNameElsewhere() {
        let other = report("x", primary(start: 9, system: "8") { $0.slots = [slot("dc2")] }, at: [address("10.77.3.11")])
        let unused = found([sender(), receiver(isUp: false), other], memory()).filter { $0.code == .slotInactive }
        #expect(unused.first { $0.target == "dc1" }?.cause?.code == .linkSilent)
        #expect(unused.contains { $0.target == "x" && $0.cause == nil })
    }

    @Test("What follows from a consequence stands under the first cause of all")
    func chain() {
        let server = report("p", primary(start: 1) { $0.slots = [slot("b")] }, member: "p", at: [address("10.77.1.11")])
        let follower = report("b", standby(start: 2, from: upstream("10.77.1.11", slot: "wrong"), isUp: false), member: "b")
        let found = findings([server, follower])
        #expect(found.contains { $0.code == .slotMissingAtUpstream && $0.cause == nil })
        #expect(found.first { $0.code == .standbyNotStreaming }?.cause?.code == .slotMissingAtUpstream)
        #expect(found.first { $0.code == .slotInactive }?.cause?.code == .slotMissingAtUpstream)
    }

    @Test("A link is known by its slot, whatever its standby is called; without one by name and address")
    func whichLink() {
        func sending(_ walsender: Walsender, unanswered: Double) -> TargetReport {
            var walsender = walsender
            walsender.flushed = LSN(0x400_0000)
            walsender.unansweredSeconds = unanswered
            return sender { $0.walsenders = [walsender] }
        }
        #expect(memory([(sending(walsender("renamed", address: "10.77.2.12", slot: "dc2"), unanswered: 0), 120)]).silentLinks.isEmpty)
        var memory = FleetMemory()
        memory.note(sending(walsender("dc2", address: "10.77.2.11"), unanswered: 12), at: 100)
        memory.note(sending(walsender("dc2", address: "10.77.2.12"), unanswered: 0), at: 120)
        #expect(memory.silentLinks.count == 1)
        memory.note(sending(walsender("dc2", address: "10.77.2.11"), unanswered: 0), at: 130)
        #expect(memory.silentLinks.isEmpty)
    }

    @Test("A standby of that name with another slot is not at the link's other end, nor is one of another system")
    func otherEnd() {
        let other = report("dc2", standby(start: 2, from: upstream("10.77.1.11", slot: "other")))
        #expect(memory([(other, 120)]).silentLinks.count == 1)
        let stranger = report("dc2", standby(start: 2, from: upstream("10.77.1.11", slot: "dc2"), system: "8"))
        #expect(memory([(stranger, 120)]).silentLinks.count == 1)
    }

    @Test("A sender with more standbys than that is remembered in part")
    func many() {
        var memory = FleetMemory()
        let silent = (0..<300).map { index in
            var walsender = walsender("s\(index)", address: "10.77.2.11", slot: "s\(index)")
            walsender.flushed = LSN(0x400_0000)
            walsender.unansweredSeconds = 12
            return walsender
        }
        for time in [100.0, 110] { memory.note(sender { $0.walsenders = silent }, at: time) }
        #expect(memory.silentLinks.count == 256)
        memory.note(sender { $0.walsenders = Array(silent.prefix(2)) }, at: 120)
        #expect(memory.silentLinks.count == 256, "seen again, none is another one")
    }

    @Test("A standby that is down: that it is missing, and its slot unused, follows")
    func down() throws {
        let server = report(
            "a",
            primary(start: 1) { $0.slots = [slot("b")] },
            expecting: Expectations(standbys: [.init(applicationName: "b", scope: .any, source: .config)]),
            member: "a",
            at: [address("10.77.1.11")]
        )
        let found = findings([server, downReport("b", lastSeen: standby(start: 2), member: "b")])
        #expect(found.first { $0.code == .standbyMissing }?.cause?.code == .targetDown)
        #expect(found.first { $0.code == .slotInactive }?.cause?.code == .targetDown)
    }
}
