import Judgement
import ReplicationModel
import Testing

struct SlotFindingTests {
    // MARK: slot_missing

    @Test("A slot that the configuration and Patroni expect and that is not there is told once, with both, and the SQL that makes it")
    func missing() throws {
        let server = primary(start: 1) { $0.slots = [slot("other", active: true)] }
        let expected = Expectations(slots: [expectation(), expectation(source: .patroni)])
        let found = findings(.slotMissing, [report("a", server, expecting: expected), report("vip", server, expecting: expected)])
        #expect(found.count == 1)
        let finding = try #require(found.first)
        #expect(finding.target == "a")
        #expect(finding.slot == "standby_cluster")
        #expect(finding.severity == .critical)
        #expect(finding.value(of: "expected by") == "config, patroni")
        #expect(finding.value(of: "pg_replication_slots at a") == "other (physical)")
        #expect(finding.cures(.sql) == ["SELECT pg_create_physical_replication_slot('standby_cluster', true);"])
        #expect(finding.cures(.command).isEmpty)
    }

    @Test("What only the virtual address expects is told of that address, as the metric has it, and made at the server")
    func missingByVirtualAddress() {
        let server = primary(start: 1)
        let vip = report("vip", server, expecting: Expectations(role: .primary, slots: [expectation()]))
        let found = findings(.slotMissing, [vip, report("a", server)])
        #expect(found.map(\.target) == ["vip"])
        #expect(found.first?.cures.map(\.target) == ["a"])
    }

    @Test("Nothing is missing that is there, is expected in the other role, or cannot be known")
    func notMissing() {
        let there = primary(start: 1) { $0.slots = [slot("standby_cluster")] }
        let unknown = primary(start: 1) { $0.slots = nil }
        let expected = Expectations(slots: [expectation(scope: .primary)])
        #expect(findings(.slotMissing, [report("a", there, expecting: expected)]).isEmpty)
        #expect(findings(.slotMissing, [report("a", unknown, expecting: expected)]).isEmpty)
        #expect(findings(.slotMissing, [report("a", standby(start: 1), expecting: expected)]).isEmpty)
        #expect(findings(.slotMissing, [downReport("a")]).isEmpty)
    }

    @Test("A slot of that name and another type is not dropped lightly")
    func missingWithNameTaken() throws {
        let server = primary(start: 1) { $0.slots = [slot("standby_cluster", type: .logical)] }
        let finding = try #require(findings(.slotMissing, [report("a", server, expecting: Expectations(slots: [expectation()]))]).first)
        #expect(finding.cures(.sql).isEmpty)
        #expect(finding.cures(.advice).count == 1)
    }

    @Test("Under Patroni the cure is a permanent slot too")
    func missingUnderPatroni() throws {
        let server = primary(start: 1, clusterName: "orders dc1")
        let finding = try #require(
            findings(
                .slotMissing,
                [report("a", server, expecting: Expectations(slots: [expectation()]), member: "pg1")],
                clusters: [cluster("dc1", [member("pg1", role: "leader")])]
            ).first
        )
        #expect(finding.cures(.command) == ["patronictl edit-config 'orders dc1' --set 'slots.standby_cluster={type: physical}'"])
    }

    @Test("A hostile name stays a literal in SQL", arguments: [("a'b", "'a''b'"), ("a\\'); DROP TABLE t; --", "E'a\\\\''); DROP TABLE t; --'")])
    func hostileName(name: String, literal: String) throws {
        let expected = Expectations(slots: [.init(name: name, type: nil, scope: .any, source: .config)])
        let finding = try #require(findings(.slotMissing, [report("a", primary(start: 1), expecting: expected)]).first)
        #expect(finding.cures(.sql) == ["SELECT pg_create_physical_replication_slot(\(literal), true);"])
    }

    @Test("Patroni's configuration changes: a slot made or dropped since it was read last is neither unknown to it nor missing")
    func changedConfiguration() {
        func codes(readAt: Double, _ change: (inout ServerSnapshot) -> Void) -> Set<FindingCode> {
            let settings = PatroniSettings(permanentSlots: [.init(name: "standby_cluster", type: .physical)])
            var cluster = cluster("dc1", [member("pg-1", role: "leader")], settings: settings)
            cluster.readAt = readAt
            let expected = Expectations(slots: [expectation(source: .patroni)])
            let found = findings([report("a", primary(start: 1, change), expecting: expected, member: "pg-1")], clusters: [cluster])
            return Set(found.map(\.code)).intersection([.slotMissing, .slotNotPermanent])
        }
        var gone = SlotRecord(name: "standby_cluster", type: .physical, seenSince: 10)
        gone.goneSince = 500
        #expect(codes(readAt: 499) { $0.slotRecords = [gone] } == [])
        #expect(codes(readAt: 501) { $0.slotRecords = [gone] } == [.slotMissing])
        #expect(codes(readAt: 499) { _ in } == [.slotMissing], "it was never seen")
        let more: (inout ServerSnapshot) -> Void = {
            $0.slots = [slot("standby_cluster", active: true), slot("more", active: true)]
            $0.slotRecords = [SlotRecord(name: "more", type: .physical, seenSince: 500)]
        }
        #expect(codes(readAt: 499, more) == [])
        #expect(codes(readAt: 501, more) == [.slotNotPermanent])
    }

    // MARK: slot_lost

    @Test("An invalidated slot is lost, whatever else its row still shows")
    func lost() throws {
        let server = primary(start: 1) {
            $0.slots = [slot("gone", restart: nil, status: .lost)]
        }
        let found = findings([report("a", server)])
        #expect(found.map(\.code) == [.slotLost])
        #expect(found.first?.severity == .critical)
        #expect(found.first?.value(of: "restart_lsn") == "NULL")
        #expect(found.first?.value(of: "max_slot_wal_keep_size") == "10 GiB")
        let cures = try #require(found.first).cures(.sql)
        #expect(cures == ["SELECT pg_drop_replication_slot('gone');", "SELECT pg_create_physical_replication_slot('gone', true);"])

        var idle = slot("idle")
        idle.invalidationReason = .idleTimeout
        #expect(findings([report("a", primary(start: 1) { $0.slots = [idle] })]).map(\.code) == [.slotLost])
    }

    @Test("A lost copy of a slot on a standby is made anew by the server itself")
    func lostCopy() {
        var copy = slot("sub", type: .logical, status: .lost)
        copy.isSynced = true
        copy.isFailover = true
        let found = findings([report("s", standby(start: 1) { $0.slots = [copy] })])
        #expect(found.map(\.code) == [.slotLost])
        #expect(found.first?.severity == .warning)
        #expect(found.first?.cures(.sql) == [])
    }

    // MARK: slot_inactive

    @Test("A slot that nobody uses keeps WAL: a notice, a warning when it is much or old, and critical when it is about to be lost")
    func inactive() throws {
        func found(_ slot: Slot) -> [Finding] { findings([report("a", primary(start: 1) { $0.slots = [slot] })]) }
        let finding = try #require(found(slot("idle")).first)
        #expect(finding.code == .slotInactive)
        #expect(finding.severity == .notice)
        #expect(finding.value(of: "active") == "false")
        #expect(finding.value(of: "retained WAL") == "16 MiB")
        #expect(finding.value(of: "restart_lsn") == "0/4000000")
        #expect(finding.cures(.sql) == ["SELECT pg_drop_replication_slot('idle');"])
        var much = slot("idle")
        much.current = LSN(0x400_0000 + 1 << 30)
        #expect(found(much).map(\.severity) == [.notice])
        much.current = LSN(0x400_0000 + 1 << 30 + 1)
        #expect(found(much).map(\.severity) == [.warning])
        var old = slot("idle")
        old.retainedAge = 901
        #expect(found(old).map(\.severity) == [.warning])
        #expect(found(slot("idle", status: .unreserved)).map(\.severity) == [.critical])
        var summarized = slot("idle", status: .reserved)
        summarized.safeWALBytes = -64 << 20
        #expect(found(summarized).map(\.severity) == [.critical], "what is not summarized is kept a while, and then it is gone")
        #expect(found(slot("idle", type: .logical)).map(\.code) == [.slotInactive])
        #expect(found(slot("busy", active: true)).isEmpty)
        #expect(found(slot("pg_basebackup_4711", temporary: true)).isEmpty)
    }

    @Test("One that will be lost within the hour is critical, used or not, as the alert has it; of one that keeps up it is the whole budget")
    func aboutToBeLost() throws {
        func found(_ change: (inout Slot) -> Void) -> [Finding] {
            var one = slot("s", active: true)
            change(&one)
            return findings([report("a", primary(start: 1) { $0.slots = [one] })])
        }
        let soon = try #require(found { ($0.timeToLost, $0.retainedAge) = (3_599, 301) }.first)
        #expect(soon.code == .slotAboutToBeLost)
        #expect(soon.severity == .critical)
        #expect(soon.summary.hasSuffix("at the present rate of WAL in 59 min."))
        #expect(found { ($0.timeToLost, $0.retainedAge) = (3_600, 301) }.isEmpty)
        #expect(found { ($0.timeToLost, $0.retainedAge) = (10, 300) }.isEmpty)
        #expect(found { $0.timeToLost = 10 }.isEmpty)
        #expect(found { $0.walStatus = .unreserved }.map(\.code) == [.slotAboutToBeLost])
        var idle = slot("s")
        (idle.timeToLost, idle.retainedAge) = (31 * 60, 60)
        #expect(findings(.slotInactive, [report("a", primary(start: 1) { $0.slots = [idle] })]).first?.severity != .critical, "its consumer restarts")
        idle.retainedAge = 61
        let unused = try #require(findings([report("a", primary(start: 1) { $0.slots = [idle] })]).first)
        #expect(unused.code == .slotInactive)
        #expect(unused.severity == .critical)
        #expect(unused.summary.contains("in 31 min"))
    }

    // MARK: slot_without_reserve

    @Test("A slot made by hand reserves nothing before the first reply of its standby, active or not", arguments: [true, false])
    func withoutReserve(active: Bool) throws {
        let server = primary(start: 1) { $0.slots = [slot("new", active: active, restart: nil, status: nil)] }
        let finding = try #require(findings([report("a", server)]).first)
        #expect(finding.code == .slotWithoutReserve)
        #expect(finding.severity == .warning)
        #expect(finding.value(of: "active") == (active ? "true" : "false"))
        // One that is in use cannot be dropped.
        #expect(finding.cures(.sql).count == (active ? 0 : 2))
    }

    // MARK: slot_left_over

    @Test("An inactive physical slot on a standby that nobody expects there is a left-over")
    func leftOver() throws {
        let server = standby(start: 1) { $0.slots = [unmoved(slot("standby_cluster"))] }
        let found = findings([report("s", server)])
        #expect(found.map(\.code) == [.slotLeftOver])
        #expect(found.first?.severity == .warning)
        #expect(found.first?.slot == "standby_cluster")
        #expect(found.first?.value(of: "pg_is_in_recovery() at s") == "true")
        // Patroni before 4.0 keeps no member's slot on a replica.
        let old = cluster("dc1", [member("s"), member("pg-2", role: "leader")], version: .init(major: 3, minor: 3))
        let leftOver = standby(start: 1) { $0.slots = [unmoved(slot("pg_2"))] }
        #expect(findings(.slotLeftOver, [report("s", leftOver, member: "s")], clusters: [old]).count == 1)
    }

    @Test("A slot that is kept on a standby on purpose is moved on, and keeps next to nothing")
    func keptOnPurpose() {
        let moved = slot("app", restart: 0x4F0_0000)
        var most = slot("app", restart: 0x100_0000)
        #expect(findings([report("s", standby(start: 1) { $0.slots = [moved] })]) == [])
        most.current = LSN(0x100_0000 + 1 << 30 + 1)
        #expect(findings([report("s", standby(start: 1) { $0.slots = [most] })]).map(\.code) == [.slotLeftOver])
        most.retainedAge = 900
        most.current = LSN(0x100_0000 + 1 << 30)
        #expect(findings([report("s", standby(start: 1) { $0.slots = [most] })]) == [])
    }

    @Test("The slot by which a subscriber of 19 keeps conflicts to be seen is PostgreSQL's own")
    func conflictDetection() {
        let own = slot("pg_conflict_detection", restart: nil, status: nil)
        let settings = { (snapshot: inout ServerSnapshot) in snapshot.settings?.maxSlotWALKeepSizeBytes = nil }
        let server = primary(start: 1) {
            $0.slots = [own]
            settings(&$0)
        }
        #expect(findings([report("a", server)]) == [])
        let another = primary(start: 1) {
            $0.slots = [own, slot("app", active: true)]
            settings(&$0)
        }
        let found = findings([report("a", another)])
        #expect(found.map(\.code) == [.slotRetentionUnlimited])
        #expect(found.first?.value(of: "slots") == "app")
    }

    @Test("Patroni keeps permanent and member slots on replicas, inactive and advancing: those are neither left over nor just inactive")
    func keptInReserve() {
        func codes(_ name: String, _ cluster: PatroniCluster?, _ expectations: Expectations = Expectations()) -> [FindingCode] {
            let server = standby(start: 1) { $0.slots = [unmoved(slot(name))] }
            return findings([report("s", server, expecting: expectations, member: "s")], clusters: cluster.map { [$0] } ?? []).map(\.code)
        }
        let settings = PatroniSettings(permanentSlots: [.init(name: "standby_cluster", type: .physical)])
        let members = [member("s"), member("pg-2", role: "leader")]
        #expect(codes("standby_cluster", cluster("dc1", members, settings: settings)) == [])
        #expect(codes("pg_2", cluster("dc1", members)) == [])
        #expect(codes("pg_2", cluster("dc1", members, version: nil)) == [])
        #expect(codes("other", cluster("dc1", members)) == [.slotLeftOver])
        // Patroni has not told its configuration.
        #expect(codes("other", cluster("dc1", members, settings: nil)) == [])
        // Nor since the slot was made, which it may have done itself.
        for (readAt, found) in [(499.0, [FindingCode]()), (501, [.slotLeftOver])] {
            var cluster = cluster("dc1", members)
            cluster.readAt = readAt
            let server = standby(start: 1) {
                $0.slots = [unmoved(slot("more"))]
                $0.slotRecords = [SlotRecord(name: "more", type: .physical, seenSince: 500)]
            }
            #expect(findings([report("s", server, member: "s")], clusters: [cluster]).map(\.code) == found)
        }
        #expect(codes("other", nil) == [])
        // Expected on every server, so that it is there after a switchover.
        #expect(codes("standby_cluster", nil, Expectations(slots: [expectation()])) == [])
        #expect(codes("standby_cluster", cluster("dc1", members), Expectations(slots: [expectation(scope: .primary)])) == [.slotLeftOver])
    }

    @Test("A slot that is expected on standbys alone is one that should be in use")
    func inactiveOnStandby() {
        let server = standby(start: 1) { $0.slots = [slot("cascade")] }
        let expected = Expectations(slots: [.init(name: "cascade", type: .physical, scope: .standby, source: .config)])
        #expect(findings([report("s", server, expecting: expected)]).map(\.code) == [.slotInactive])
        let logical = standby(start: 1) { $0.slots = [slot("sub", type: .logical)] }
        #expect(findings([report("s", logical)]).map(\.code) == [.slotInactive])
        var copy = slot("sub", type: .logical)
        copy.isSynced = true
        #expect(findings([report("s", standby(start: 1) { $0.slots = [copy] })]).isEmpty)
    }

    @Test("On a standby, a slot in use, a temporary one and one that reserves nothing are no left-overs")
    func notLeftOver() {
        let slots = [slot("a", active: true), slot("b", temporary: true), slot("c", restart: nil, status: nil), slot("d", status: .lost)]
        #expect(findings(.slotLeftOver, [report("s", standby(start: 1) { $0.slots = slots })]).isEmpty)
    }

    // MARK: slot_not_permanent

    @Test("The next switchover loses a slot of the leader that Patroni does not know")
    func notPermanent() throws {
        let found = notPermanent("standby_cluster")
        #expect(found.map(\.severity) == [.warning])
        let finding = try #require(found.first)
        #expect(finding.target == "a")
        #expect(finding.value(of: "active") == "true")
        #expect(finding.cures(.command) == ["patronictl edit-config dc1 --set 'slots.standby_cluster={type: physical}'"])
        #expect(finding.value(of: "members of dc1") == "pg-1, Pg.2")
    }

    @Test("Permanent slots, those of members and temporary ones are not lost; an ignored one is left behind")
    func permanent() {
        let settings = PatroniSettings(permanentSlots: [.init(name: "standby_cluster", type: .physical)])
        #expect(notPermanent("standby_cluster", settings: settings).isEmpty)
        #expect(notPermanent("pg_2").isEmpty)
        #expect(notPermanent("any", temporary: true).isEmpty)
        let ignoring = notPermanent("standby_cluster", settings: PatroniSettings(ignoredSlots: ["standby_cluster"]))
        #expect(ignoring.map(\.severity) == [.notice])
        #expect(ignoring.first?.summary.contains("ignored") == true)
    }

    @Test("Only of the leader, and only when Patroni told its configuration")
    func permanentUnknown() {
        #expect(notPermanent("x", settings: nil).isEmpty)
        #expect(notPermanent("x", role: "replica").isEmpty)
        let stranger = primary(start: 1) { $0.slots = [slot("x", active: true)] }
        #expect(findings(.slotNotPermanent, [report("a", stranger, member: "pg-9")], clusters: [cluster("dc1", [member("pg-1")])]).isEmpty)
        // Patroni's view is older than the server's.
        let server = standby(start: 1) { $0.slots = [slot("x", active: true)] }
        let members = [member("pg-1", role: "leader")]
        #expect(findings(.slotNotPermanent, [report("a", server, member: "pg-1")], clusters: [cluster("dc1", members)]).isEmpty)
        let leader = [member("pg-1", role: "standby_leader")]
        #expect(findings(.slotNotPermanent, [report("a", server, member: "pg-1")], clusters: [cluster("dc1", leader)]).count == 1)
        #expect(findings(.slotNotPermanent, [report("a", server)], clusters: [cluster("dc1", leader)]).isEmpty)
    }

    @Test("A failover slot is kept by PostgreSQL itself, another logical one needs its database and plugin")
    func permanentLogical() {
        func found(failover: Bool) -> [Finding] {
            var logical = slot("sub", type: .logical, active: true)
            (logical.isFailover, logical.database, logical.plugin) = (failover, "it's", "pgoutput")
            let server = primary(start: 1) { $0.slots = [logical] }
            return findings(.slotNotPermanent, [report("a", server, member: "pg-1")], clusters: [cluster("dc1", [member("pg-1", role: "leader")])])
        }
        #expect(found(failover: true).isEmpty)
        #expect(
            found(failover: false).first?.cures(.command) == [
                "patronictl edit-config dc1 --set 'slots.sub={type: logical, database: \"it'\\''s\", plugin: \"pgoutput\"}'"
            ]
        )
    }

    // MARK: slot_retention_unlimited

    @Test("Unlimited retention is told once of a primary with slots, and not where it is limited, unknown, or nothing is kept")
    func unlimited() {
        func found(_ change: (inout ServerSnapshot) -> Void) -> [Finding] {
            findings(
                .slotRetentionUnlimited,
                [
                    report(
                        "a",
                        primary(start: 1) {
                            $0.slots = [slot("one", active: true), slot("two", active: true)]
                            $0.settings?.maxSlotWALKeepSizeBytes = nil
                            change(&$0)
                        }
                    )
                ]
            )
        }
        #expect(found { _ in }.map(\.severity) == [.notice])
        #expect(found { _ in }.first?.cures(.setting).count == 1)
        let limited = found { $0.settings?.maxSlotWALKeepSizeBytes = 1 << 30 }
        #expect(limited.isEmpty)
        #expect(found { $0.settings = nil }.isEmpty)
        #expect(found { $0.slots = nil }.isEmpty)
        #expect(found { $0.slots = [slot("b", active: true, temporary: true)] }.isEmpty)
        let other = standby(start: 1) {
            $0.slots = [slot("one", active: true)]
            $0.settings?.maxSlotWALKeepSizeBytes = nil
        }
        #expect(findings(.slotRetentionUnlimited, [report("s", other)]).isEmpty)
    }

    /// Inactive for an hour, in which WAL was written.
    private func unmoved(_ slot: Slot) -> Slot {
        var slot = slot
        slot.retainedAge = 3600
        return slot
    }

    private func expectation(scope: ExpectationScope = .any, source: ExpectationSource = .config) -> ExpectedSlot {
        ExpectedSlot(name: "standby_cluster", type: .physical, scope: scope, source: source)
    }

    private func notPermanent(
        _ name: String,
        settings: PatroniSettings? = PatroniSettings(),
        role: String = "leader",
        temporary: Bool = false
    ) -> [Finding] {
        let server = primary(start: 1) { $0.slots = [slot(name, active: true, temporary: temporary)] }
        let cluster = cluster("dc1", [member("pg-1", role: role), member("Pg.2")], settings: settings)
        return findings(.slotNotPermanent, [report("a", server, member: "pg-1")], clusters: [cluster])
    }
}
