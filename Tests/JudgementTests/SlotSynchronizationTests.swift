import Judgement
import ReplicationModel
import Testing

struct SlotSynchronizationTests {
    private func failoverSlot(synced: Bool, active: Bool = false, temporary: Bool = false) -> Slot {
        var slot = slot("orders", type: .logical, active: active, temporary: temporary)
        slot.isFailover = true
        slot.isSynced = synced
        return slot
    }

    private func p(seenFor seconds: Double = 600, walsenders: [Walsender] = [walsender("s")], _ change: (inout ServerSnapshot) -> Void = { _ in })
        -> TargetReport
    {
        report(
            "p",
            primary(start: 1) {
                $0.slots = [failoverSlot(synced: false, active: true)]
                $0.walsenders = walsenders
                $0.slotRecords = [SlotRecord(name: "orders", type: .logical, seenSince: 1_000 - seconds)]
                change(&$0)
            }
        )
    }

    private func s(_ slots: [Slot], synchronizes: Bool? = true, _ change: (inout ServerSnapshot) -> Void = { _ in }) -> TargetReport {
        report(
            "s",
            standby(start: 2, clusterName: "s") {
                $0.slots = slots
                $0.settings?.syncReplicationSlots = synchronizes
                change(&$0)
            }
        )
    }

    // MARK: failover_slot_unsynchronized

    @Test("A failover slot that no standby keeps a copy of: after five minutes, or at once where nothing is synchronized")
    func unsynchronized() throws {
        let found = findings(.failoverSlotUnsynchronized, [p(), s([])])
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.severity == .warning && finding.target == "p" && finding.slot == "orders" && finding.standby == "s")
        #expect(finding.value(of: "slot orders at s") == "none")
        #expect(finding.cures(.sql).isEmpty)
        #expect(findings(.failoverSlotUnsynchronized, [p(seenFor: 20), s([])]).isEmpty, "the worker sleeps between two rounds")
        #expect(findings(.failoverSlotUnsynchronized, [p(seenFor: 20), s([], synchronizes: false)]).count == 1)
        #expect(findings(.failoverSlotUnsynchronized, [p(), s([failoverSlot(synced: true, temporary: true)])]).count == 1)
    }

    @Test("Not where one standby has it, one is not watched, or its slots are not known")
    func synchronized() {
        #expect(findings(.failoverSlotUnsynchronized, [p(), s([failoverSlot(synced: true)])]).isEmpty)
        #expect(findings(.failoverSlotUnsynchronized, [p(walsenders: [walsender("s"), walsender("elsewhere")]), s([])]).isEmpty)
        #expect(findings(.failoverSlotUnsynchronized, [p(), s([]) { $0.slots = nil }]).isEmpty)
        #expect(findings(.failoverSlotUnsynchronized, [p()]).isEmpty, "without a standby there is no failover")
        // The consumer itself, pg_receivewal and a base backup are no standbys.
        let others = [
            walsender("s"), walsender("orders", slot: "orders"), walsender("pg_receivewal", replayed: nil), walsender("b", state: .backup),
        ]
        #expect(findings(.failoverSlotUnsynchronized, [p(walsenders: others), s([])]).count == 1)
    }

    // MARK: failover_slot_in_the_way

    @Test("A standby's own failover slot, of when it was a primary: it goes only where the primary has the consumer's")
    func inTheWay() throws {
        let finding = try #require(findings(.failoverSlotInTheWay, [p(), s([failoverSlot(synced: false)])]).first)
        #expect(finding.severity == .warning && finding.target == "s" && finding.slot == "orders" && finding.upstream == "p")
        #expect(finding.cures(.sql).last == "SELECT pg_drop_replication_slot('orders');")
        #expect(finding.checks.count == 1, "looked at once more before")
        func sql(_ reports: [TargetReport]) -> [String] { findings(.failoverSlotInTheWay, reports).first?.cures(.sql) ?? ["no finding"] }
        for reports in [
            [s([failoverSlot(synced: false)])], [p { $0.slots = [] }, s([failoverSlot(synced: false)])],
            [p(), s([failoverSlot(synced: false, active: true)])], [p(), s([failoverSlot(synced: false)]) { $0.receiver = nil }],
        ] {
            #expect(sql(reports).allSatisfy { !$0.contains("drop") } && sql(reports).count == 1, "it may be somebody's only one")
        }
        #expect(findings(.failoverSlotInTheWay, [p(), s([failoverSlot(synced: true)])]).isEmpty)
        #expect(
            findings(.failoverSlotInTheWay, [p(), s([failoverSlot(synced: false)], synchronizes: false)]).isEmpty,
            "nothing is to be synchronized"
        )
        #expect(findings(.failoverSlotInTheWay, [p()]).isEmpty)
    }

    // MARK: synchronized_slot_blocks

    private func waiting(
        _ names: [String],
        _ slots: [Slot],
        confirmations: Int64? = 1,
        failover: Bool = true,
        clockOffset: Double? = 0
    ) -> [Finding] {
        let consumer = failoverSlot(synced: false, active: true)
        let server = primary(start: 1) {
            $0.slots = slots + (failover ? [consumer] : [])
            $0.settings?.synchronizedStandbySlots = names
            $0.clockOffset = clockOffset
            $0.commitWaits = confirmations.map { CommitWaits(sessions: 0, oldestSeconds: nil, confirmations: $0) }
        }
        return findings(.synchronizedSlotBlocks, [report("p", server)])
    }

    @Test("A slot that all consumers wait for is named, with why")
    func blocking() throws {
        let finding = try #require(waiting(["s", "unused"], [slot("s", active: true), slot("unused")]).first)
        #expect(finding.severity == .critical && finding.slot == "unused")
        #expect(finding.summary.contains("is not in use"))
        #expect(finding.value(of: "failover slots whose consumers wait") == "orders")
        #expect(finding.cures(.sql) == ["ALTER SYSTEM SET synchronized_standby_slots = \"s\";", "SELECT pg_reload_conf();"])
        #expect(waiting(["gone"], []).first?.summary.contains("does not exist") == true)
        #expect(waiting(["gone"], []).first?.cures(.sql).dropFirst().first == "ALTER SYSTEM SET synchronized_standby_slots = '';")
        #expect(waiting(["l"], [slot("l", restart: nil, status: .lost)]).first?.summary.contains("is lost") == true)
        #expect(waiting(["x"], [slot("x", type: .logical)]).count == 1)
    }

    @Test("Nobody waits for a slot whose standby is there, has all, or has just restarted, nor where no consumer would")
    func notBlocking() {
        #expect(waiting(["s"], [slot("s", active: true)]).isEmpty && waiting([], [slot("s")]).isEmpty)
        #expect(waiting(["s"], [slot("s", restart: 0x500_0000)]).isEmpty)
        #expect(waiting(["s"], [slot("s")], failover: false).isEmpty)
        var restarting = slot("s")
        restarting.inactiveSince = 950
        #expect(waiting(["s"], [restarting], confirmations: 0).isEmpty && waiting(["s"], [restarting], confirmations: nil).isEmpty)
        #expect(waiting(["s"], [restarting], confirmations: 1).count == 1, "seen waiting")
        restarting.inactiveSince = 900
        #expect(waiting(["s"], [restarting], confirmations: 0).count == 1)
        #expect(waiting(["s"], [restarting], confirmations: 0, clockOffset: nil).isEmpty, "nobody knows for how long, nor whether anybody waits")
    }

    // MARK: slot_recreated

    @Test("A logical slot that was lost and made anew has left a gap, for a day; a physical one shows in its standby")
    func recreated() throws {
        func found(_ type: Slot.SlotType = .logical, at: Double = 900, wasLost: Bool = true, role: ServerRole = .primary) -> [Finding] {
            var record = SlotRecord(name: "orders", type: type, seenSince: 900)
            record.lostAt = wasLost ? 890 : nil
            record.recreations = 1
            record.latest = .init(at: at, wasLost: wasLost, formerPosition: LSN(0x100_0000), newPosition: LSN(0x300_0000))
            let snapshot = role == .primary ? primary(start: 1) { $0.slotRecords = [record] } : standby(start: 1) { $0.slotRecords = [record] }
            return findings(.slotRecreated, [report("p", snapshot)])
        }
        let finding = try #require(found().first)
        #expect(finding.severity == .critical && finding.slot == "orders" && finding.target == "p")
        #expect(finding.value(of: "the former had confirmed") == "0/1000000" && finding.value(of: "the new one begins at") == "0/3000000")
        #expect(finding.cures.allSatisfy { $0.kind == .advice }, "whether the consumer has copied anew cannot be seen from here")
        #expect(found(wasLost: false).first?.summary.contains("another one than before") == true)
        #expect(found(.physical).isEmpty && found(at: -86_000).isEmpty && found(role: .standby).isEmpty)
    }

    // MARK: wal_filesystem_unread

    @Test("A filesystem that should be read and is not is told, with why; one that another target reads is known")
    func unread() throws {
        func server(_ problem: WALFilesystemProblem?, _ filesystem: WALFilesystem? = nil) -> ServerSnapshot {
            primary(start: 1) {
                $0.walFilesystemProblem = problem
                $0.walFilesystem = filesystem
            }
        }
        let misspelt = WALFilesystemProblem(.missing, path: "/var/lib/postgresl", isConfigured: true)
        let finding = try #require(findings(.walFilesystemUnread, [report("p", server(misspelt))]).first)
        #expect(finding.severity == .notice && finding.value(of: "wal_directory") == "/var/lib/postgresl")
        #expect(findings(.walFilesystemUnread, [report("p", server(.init(.hidden, path: nil, isConfigured: false)))]).count == 1)
        #expect(findings(.walFilesystemUnread, [report("p", server(nil))]).isEmpty)
        let seen = report("q", server(nil, WALFilesystem(sizeBytes: 10, availableBytes: 5)))
        #expect(findings(.walFilesystemUnread, [report("p", server(misspelt)), seen]).isEmpty)
    }
}
