import Judgement
import ReplicationModel
import Testing

struct StandbyFindingTests {
    /// The incident: site 2's leader shall stream through a slot that site 1 does not have.
    private let incident = standby(start: 2, from: upstream("10.77.1.100", slot: "standby_cluster"), isUp: false)

    // MARK: slot_missing_at_upstream

    @Test("The slot that a standby is told to use is missing at its upstream, found by address")
    func missingAtUpstream() throws {
        let reports = [
            report("dc1-pg1", primary(start: 1) { $0.slots = [slot("dc1_pg2", active: true)] }, at: [address("10.77.1.100")]),
            report("dc2-pg1", incident, at: [address("10.77.2.11")]),
        ]
        let finding = try #require(findings(.slotMissingAtUpstream, reports).first)
        #expect(finding.severity == .critical)
        #expect(finding.target == "dc1-pg1")
        #expect(finding.upstream == "dc1-pg1")
        #expect(finding.standby == "dc2-pg1")
        #expect(finding.slot == "standby_cluster")
        #expect(finding.cures(.sql) == ["SELECT pg_create_physical_replication_slot('standby_cluster', true);"])
        #expect(finding.value(of: "upstream of dc2-pg1") == "10.77.1.100:5432")
        #expect(finding.value(of: "pg_replication_slots at dc1-pg1") == "dc1_pg2")
    }

    @Test("Where the address says nothing, it is missing at the primary of the system")
    func missingBySystem() {
        let reports = [report("p", primary(start: 1)), report("s", incident), report("x", primary(start: 9, system: "8"))]
        #expect(findings(.slotMissingAtUpstream, reports).map(\.target) == ["p"])
    }

    @Test("Of several primaries one may be the upstream: it is missing only when all lack it, and nobody can tell where to make it")
    func missingAtSeveral() {
        let p = report("p", primary(start: 1))
        let q = report("q", primary(start: 3, timeline: 2))
        let finding = findings(.slotMissingAtUpstream, [p, q, report("s", incident)])
        #expect(finding.map(\.target) == [nil])
        #expect(finding.map(\.upstream) == ["p, q"])
        let having = report("q", primary(start: 3, timeline: 2) { $0.slots = [slot("standby_cluster")] })
        #expect(findings(.slotMissingAtUpstream, [p, having, report("s", incident)]).isEmpty)
    }

    @Test("A slot of that name on another server does not help, nor does a logical one")
    func slotElsewhere() {
        let reports = [
            report("p", primary(start: 1) { $0.slots = [slot("standby_cluster", type: .logical)] }, at: [address("10.77.1.100")]),
            report("old", standby(start: 3, from: upstream("10.77.1.100")) { $0.slots = [slot("standby_cluster")] }),
            report("s", incident),
        ]
        #expect(findings(.slotMissingAtUpstream, reports).map(\.target) == ["p"])
    }

    @Test("Nothing is said of a slot that is there, of unknown slots, of an upstream that is down, and of a standby that streams or names none")
    func notMissing() {
        func found(_ p: ServerSnapshot, _ s: ServerSnapshot) -> [Finding] {
            findings(.slotMissingAtUpstream, [report("p", p, at: [address("10.77.1.100")]), report("s", s)])
        }
        #expect(found(primary(start: 1) { $0.slots = [slot("standby_cluster")] }, incident).isEmpty)
        #expect(found(primary(start: 1) { $0.slots = nil }, incident).isEmpty)
        #expect(found(primary(start: 1), standby(start: 2, from: upstream("10.77.1.100"), isUp: false)).isEmpty)
        #expect(found(primary(start: 1), standby(start: 2, from: upstream("10.77.1.100", slot: "standby_cluster"))).isEmpty)
        let down = downReport("p", at: [address("10.77.1.100")])
        #expect(findings(.slotMissingAtUpstream, [down, report("s", incident), report("q", primary(start: 3))]).isEmpty)
        #expect(findings(.slotMissingAtUpstream, [report("s", incident)]).isEmpty)
    }

    @Test("In a cascade the upstream is the standby in between")
    func cascade() {
        let reports = [
            report("p", primary(start: 1) { $0.slots = [slot("s2")] }, at: [address("p")]),
            report("s1", standby(start: 2, from: upstream("p")), at: [address("s1")]),
            report("s2", standby(start: 3, from: upstream("s1", slot: "s2"), isUp: false), at: [address("s2")]),
        ]
        #expect(findings(.slotMissingAtUpstream, reports).map(\.target) == ["s1"])
    }

    // MARK: standby_not_streaming

    @Test("An exporter that sees the standby alone names slot and upstream")
    func notStreaming() throws {
        let finding = try #require(findings([report("dc2-pg1", incident)]).first { $0.code == .standbyNotStreaming })
        #expect(finding.severity == .critical)
        #expect(finding.target == "dc2-pg1")
        #expect(finding.slot == "standby_cluster")
        #expect(finding.upstream == "10.77.1.100:5432")
        #expect(finding.summary.contains("10.77.1.100:5432 through slot standby_cluster"))
        #expect(
            finding.cures(.command) == [
                "psql 'host=10.77.1.100 port=5432' -c 'SELECT * FROM pg_replication_slots WHERE slot_name = '\\''standby_cluster'\\'''"
            ]
        )
    }

    @Test(
        "A hostile host or slot stays one word of the connection string, and one of the shell",
        arguments: [
            ("/tmp/it's a", #"'host='\''/tmp/it\'\''s a'\'' port=5432'"#), (#"a\b"#, #"'host='\''a\\b'\'' port=5432'"#),
            ("a,b", "'host=a,b port=5432'"),
        ]
    )
    func hostileUpstream(host: String, connection: String) {
        let s = standby(start: 2, from: upstream(host, slot: "x'y"), isUp: false)
        let found = findings(.standbyNotStreaming, [report("s", s)]).first?.cures(.command).first
        let query = #"'SELECT * FROM pg_replication_slots WHERE slot_name = '\''x'\'''\''y'\'''"#
        #expect(found == "psql \(connection) -c \(query)")
    }

    @Test("An upstream among the targets goes by its name")
    func notStreamingFromTarget() {
        let reports = [report("p", primary(start: 1), at: [address("10.77.1.100")]), report("s", incident)]
        #expect(findings(.standbyNotStreaming, reports).map(\.upstream) == ["p"])
    }

    @Test("A standby that streams, lives on its archive, or hides it from the role is not said to be broken; what Patroni says does not count")
    func streaming() {
        func found(_ change: (inout ServerSnapshot) -> Void) -> [Finding] {
            findings(
                .standbyNotStreaming,
                [report("s", standby(start: 1, from: upstream("p")) { change(&$0) }, member: "s")],
                clusters: [
                    cluster("dc1", [member("s", role: "standby_leader", state: "running")])
                ]
            )
        }
        #expect(found { _ in }.isEmpty)
        let stopped = found { $0.receiver?.session = nil }
        #expect(stopped.count == 1)
        let hidden = found {
            $0.receiver?.session = nil
            $0.receiver?.isHidden = true
        }
        #expect(hidden.isEmpty)
        let archive = found {
            $0.receiver?.session = nil
            $0.receiver?.hasConnectionString = false
            $0.receiver?.hasRestoreCommand = true
        }
        #expect(archive.isEmpty)
        #expect(found { $0.receiver = nil }.isEmpty)
    }

    // MARK: wal_gone_at_upstream

    @Test("WAL before the oldest that the upstream keeps is gone, by how much is told")
    func walGone() throws {
        let finding = try #require(walGone { _ in }.first)
        #expect(finding.severity == .critical)
        #expect(finding.target == "s")
        #expect(finding.upstream == "p")
        #expect(finding.value(of: "end of WAL at s") == "0/5000000")
        #expect(finding.value(of: "oldest WAL in pg_wal at p") == "0/6000000")
        #expect(finding.value(of: "WAL that is gone") == "16 MiB")
        #expect(finding.value(of: "slot standby_cluster") == "missing")
        #expect(finding.cures(.command).first?.hasPrefix("pg_basebackup --pgdata=\"$PGDATA\" --dbname='host=10.77.1.100 port=5432' ") == true)
    }

    @Test("What the slot at the upstream still reserves is told with it")
    func walGoneWithSlot() {
        let p = primary(start: 1) {
            $0.walDirectory = directory(oldest: 0x600_0000)
            $0.slots = [slot("other", restart: 0x700_0000), slot("standby_cluster", restart: 0x600_0010)]
        }
        let found = findings(.walGoneAtUpstream, [report("p", p, at: [address("10.77.1.100")]), report("s", incident)])
        #expect(found.first?.value(of: "restart_lsn of slot standby_cluster") == "0/6000010")
    }

    @Test("An archive may have it")
    func walInArchive() {
        let found = walGone { $0.receiver?.hasRestoreCommand = true }
        #expect(found.map(\.severity) == [.warning])
    }

    @Test("WAL is there, or it is not known")
    func walThere() {
        #expect(walGone(oldest: 0x500_0000) { _ in }.isEmpty)
        #expect(walGone(oldest: nil) { _ in }.isEmpty)
        #expect(walGone { $0.recovery = nil }.isEmpty)
        // Streaming proves it, and a receiver that is hidden may stream.
        let streaming = walGone { $0.receiver?.session = session(timeline: 1, end: 0x500_0000) }
        #expect(streaming.isEmpty)
        let hidden = walGone { $0.receiver?.isHidden = true }
        #expect(hidden.isEmpty)
        let p = report("p", primary(start: 1) { $0.walDirectory = directory(oldest: 0x600_0000) })
        let q = report("q", primary(start: 3, timeline: 2) { $0.walDirectory = nil })
        #expect(findings(.walGoneAtUpstream, [p, q, report("s", incident)]).isEmpty)
        #expect(findings(.walGoneAtUpstream, [p, report("s", incident)]).count == 1)
    }

    // MARK: standby_diverged

    @Test("A standby that replayed more than it was ever sent differs, and is told at itself where it is known, else at the sender")
    func diverged() throws {
        // The naive failback, as it was seen.
        let p = primary(start: 1) { $0.walsenders = [walsender("dc1", sent: 0x400_0C58, replayed: 0x403_2760)] }
        let s = standby(start: 2, from: upstream("p"))
        let found = findings(.standbyDiverged, [report("p", p, at: [address("p")]), report("dc1", s)])
        #expect(found.count == 1)
        let finding = try #require(found.first)
        #expect(finding.severity == .critical)
        #expect(finding.target == "dc1")
        #expect(finding.upstream == "p")
        #expect(finding.value(of: "pg_stat_replication.replay_lsn at p") == "0/4032760")
        #expect(finding.value(of: "pg_stat_replication.sent_lsn at p") == "0/4000C58")
        let alone = findings(.standbyDiverged, [report("p", p)])
        #expect(alone.map(\.target) == ["p"])
        #expect(alone.map(\.standby) == ["dc1"])
    }

    @Test("A slot ahead of the end of WAL, and a standby that is ahead of the end that its upstream told it, are the same fault")
    func divergedOtherwise() {
        let p = primary(start: 1) {
            var ahead = walsender("x", slot: "x")
            ahead.slotIsAhead = true
            $0.walsenders = [ahead]
        }
        #expect(findings(.standbyDiverged, [report("p", p)]).count == 1)
        let s = standby(start: 2, at: 0x403_2760, from: upstream("p", slot: "x")) { $0.receiver?.session?.upstreamEnd = LSN(0x400_0C58) }
        // What the upstream told is its end only if it is known to be a primary, or through with its own pg_wal.
        #expect(findings(.standbyDiverged, [report("s", s)]) == [])
        let behind = report("p", primary(start: 1, at: 0x400_0C58), at: [address("p")])
        let bySelf = findings(.standbyDiverged, [behind, report("s", s)])
        #expect(bySelf.map(\.target) == ["s"])
        #expect(bySelf.map(\.upstream) == ["p"])
        let ahead = report("p", primary(start: 1), at: [address("p")])
        #expect(findings(.standbyDiverged, [ahead, report("s", s)]) == [], "it told that long ago")
        func restarted(_ isEndKnown: Bool?) -> TargetReport {
            report("p", standby(start: 1, at: 0x400_0C58) { $0.recovery?.isEndKnown = isEndKnown }, at: [address("p")])
        }
        #expect(findings(.standbyDiverged, [restarted(false), report("s", s)]) == [])
        #expect(findings(.standbyDiverged, [restarted(nil), report("s", s)]) == [])
        #expect(findings(.standbyDiverged, [restarted(true), report("s", s)]).map(\.target) == ["s"])
        // Seen from both ends, told once.
        #expect(findings(.standbyDiverged, [report("p", p, at: [address("p")]), report("s", s)]).map(\.target) == ["s"])
    }

    @Test("While it catches up, or does not stream, positions prove nothing")
    func notDiverged() {
        let catchingUp = primary(start: 1) { $0.walsenders = [walsender("x", state: .catchup, sent: 0x400_0000)] }
        #expect(findings(.standbyDiverged, [report("p", catchingUp)]).isEmpty)
        let level = standby(start: 2, from: upstream("p"))
        #expect(findings(.standbyDiverged, [report("s", level)]).isEmpty)
        let retrying = standby(start: 2, from: upstream("p")) {
            $0.receiver?.session?.upstreamEnd = LSN(0x400_0000)
            $0.receiver?.session?.transit = 0
            $0.receiver?.session?.age = 0.02
        }
        #expect(findings(.standbyDiverged, [report("s", retrying)]).isEmpty)
    }

    @Test("Where Patroni manages the standby, it rebuilds it", arguments: [("", "dc1"), ("orders", "orders")])
    func divergedUnderPatroni(clusterName: String, scope: String) {
        let s = standby(start: 2, at: 0x403_2760, from: upstream("p"), clusterName: clusterName) {
            $0.receiver?.session?.upstreamEnd = LSN(0x400_0C58)
        }
        let p = report("p", primary(start: 1, at: 0x400_0C58), at: [address("p")])
        let found = findings(.standbyDiverged, [p, report("s", s, member: "pg 1")])
        #expect(found.first?.cures(.command) == ["patronictl reinit \(scope) 'pg 1'"])
        // Which it does not do to the leader of a standby cluster.
        let leader = findings(
            .standbyDiverged,
            [p, report("s", s, member: "pg 1")],
            clusters: [cluster("dc1", [member("pg 1", role: "standby_leader")])]
        )
        #expect(leader.first?.cures(.command) == [])
    }

    // MARK: timeline_behind

    @Test("A standby that follows an older timeline than the primary writes")
    func timelineBehind() throws {
        let p = report("p", primary(start: 1, timeline: 3, at: 0x600_0000, fork: 0x500_0000))
        let finding = try #require(findings(.timelineBehind, [p, report("s", standby(start: 2, timeline: 2))]).first)
        #expect(finding.severity == .warning)
        #expect(finding.target == "s")
        #expect(finding.upstream == "p")
        #expect(finding.value(of: "timeline of s") == "2")
        #expect(finding.value(of: "timeline 3 began at") == "0/5000000")
    }

    @Test("No timeline is behind where it is equal or unknown, where there are two primaries, or where an archive brings it late")
    func timelineNotBehind() {
        let s = report("s", standby(start: 2, timeline: 2))
        #expect(findings(.timelineBehind, [report("p", primary(start: 1, timeline: 2)), s]).isEmpty)
        #expect(findings(.timelineBehind, [report("p", primary(start: 1, timeline: 3)), report("q", primary(start: 3, timeline: 2)), s]).isEmpty)
        #expect(findings(.timelineBehind, [report("p", primary(start: 1, timeline: 3, system: "8")), s]).isEmpty)
        let archive = standby(start: 2, timeline: 2, isUp: false) { $0.receiver?.hasConnectionString = false }
        #expect(findings(.timelineBehind, [report("p", primary(start: 1, timeline: 3)), report("s", archive)]).isEmpty)
    }

    // MARK: replay_paused

    @Test("Replay that is paused, or about to be", arguments: [ReplayPauseState.paused, .pauseRequested])
    func paused(state: ReplayPauseState) {
        let s = standby(start: 1) {
            $0.recovery?.pauseState = state
            $0.recovery?.received = LSN(0x600_0000)
            $0.receiver?.session?.upstreamEnd = LSN(0x600_0000)
        }
        let found = findings([report("s", s)])
        #expect(found.map(\.code) == [.replayPaused])
        #expect(found.first?.severity == .warning)
        #expect(found.first?.cures(.sql) == ["SELECT pg_wal_replay_resume();"])
        #expect(found.first?.value(of: "received and not replayed") == "16 MiB")
    }

    @Test("A healthy pair, seen from both ends and through a virtual address, has nothing to tell")
    func healthy() {
        let p = primary(start: 1) {
            $0.slots = [slot("s", active: true)]
            $0.walsenders = [walsender("s", address: "10.0.0.2", slot: "s")]
        }
        let reports = [
            report("vip", p, expecting: Expectations(role: .primary)), report("p", p, at: [address("p")]),
            report("s", standby(start: 2, from: upstream("p", slot: "s"))),
        ]
        #expect(findings(reports) == [])
    }

    @Test(
        "A standby that replays its own pg_wal after a restart is neither cut off nor behind what its upstream keeps, nor is what streams from it ahead"
    )
    func replaysItsOwn() {
        let s = standby(start: 2, isUp: false) {
            $0.recovery?.received = nil
            $0.recovery?.isEndKnown = false
            $0.walsenders = [
                Walsender(
                    applicationName: "c",
                    state: .streaming,
                    current: LSN(0x500_0000),
                    sent: LSN(0x500_0000),
                    replayed: LSN(0x580_0000),
                    slotIsAhead: true,
                    isEndKnown: false
                )
            ]
        }
        let p = primary(start: 1) { $0.walDirectory = directory(oldest: 0x600_0000) }
        #expect(findings([report("p", p), report("s", s)]) == [])
        // Hidden from the role: nothing that takes its end is concluded.
        var hidden = s
        hidden.recovery?.isEndKnown = nil
        #expect(findings([report("p", p), report("s", hidden)]).map(\.code) == [.standbyNotStreaming])
        // It has come to its end.
        var ended = s
        ended.recovery?.isEndKnown = true
        ended.walsenders?[0].isEndKnown = true
        #expect(Set(findings([report("p", p), report("s", ended)]).map(\.code)) == [.standbyNotStreaming, .walGoneAtUpstream, .standbyDiverged])
    }

    @Test("To resume at a recovery target makes a primary: it is no cure for a standby, nor where that is not known")
    func pausedAtTarget() throws {
        func cures(_ hasTarget: Bool?) throws -> [Finding.Cure] {
            let s = standby(start: 1) {
                $0.recovery?.pauseState = .paused
                $0.settings?.hasRecoveryTarget = hasTarget
            }
            return try #require(findings(.replayPaused, [report("s", s)]).first).cures
        }
        #expect(try cures(false).contains { $0.kind == .sql })
        #expect(try !cures(true).contains { $0.kind == .sql })
        #expect(try !cures(nil).contains { $0.kind == .sql })
    }

    private func walGone(oldest: Int64? = 0x600_0000, _ change: (inout ServerSnapshot) -> Void) -> [Finding] {
        var s = incident
        change(&s)
        return findings(
            .walGoneAtUpstream,
            [report("p", primary(start: 1) { $0.walDirectory = directory(oldest: oldest) }, at: [address("10.77.1.100")]), report("s", s)]
        )
    }
}
