import Judgement
import ReplicationModel
import Testing

struct EventTests {
    /// What is told of the second of two looks at one target.
    private func events(_ first: ServerSnapshot, _ second: ServerSnapshot) -> [Event] {
        var observed: ObservedTarget?
        #expect(ObservedTarget.events(of: report("p", first), at: 100, after: &observed).isEmpty, "a first look is no change")
        let events = ObservedTarget.events(of: report("p", second), at: 115, after: &observed)
        #expect(ObservedTarget.events(of: report("p", second), at: 130, after: &observed).isEmpty, "what has changed is told once")
        return events
    }

    private func kinds(_ events: [Event]) -> [String] { events.map { "\($0.kind.rawValue) \($0.subject ?? "")" } }

    @Test("A promotion is a change of role and timeline, each with what was and what is")
    func promotion() {
        let told = events(standby(start: 1, timeline: 1), primary(start: 1, timeline: 2))
        #expect(told.map(\.kind) == [.roleChanged, .timelineChanged])
        #expect(told.map(\.before) == ["standby", "1"])
        #expect(told.map(\.after) == ["primary", "2"])
        #expect(told.map(\.text) == ["p is the primary now: it was promoted.", "p is on timeline 2, and was on 1."])
        #expect(told.allSatisfy { $0.time == 115 && $0.target == "p" })
    }

    @Test("Slots that come, go, are lost and are made anew")
    func slots() {
        func slot(_ name: String, lost: Bool = false) -> Slot {
            Slot(name: name, type: .physical, walStatus: lost ? .lost : .reserved, restart: LSN(1), current: LSN(2))
        }
        let first = primary(start: 1) { $0.slots = [slot("a"), slot("b"), slot("c", lost: true)] }
        let second = primary(start: 1) { $0.slots = [slot("d"), slot("c"), slot("b", lost: true)] }
        #expect(kinds(events(first, second)) == ["slot_dropped a", "slot_lost b", "slot_recreated c", "slot_created d"])
        let remembered = primary(start: 1) { snapshot in
            snapshot.slots = first.slots
            var record = SlotRecord(name: "a", type: .physical, seenSince: 1)
            record.recreations = 1
            snapshot.slotRecords = [record]
        }
        #expect(kinds(events(first, remembered)) == ["slot_recreated a"], "between two looks it was lost and made anew")
        let unknown = primary(start: 1) { $0.slots = nil }
        #expect(events(first, unknown).isEmpty, "what was not answered is no change")
        let passing = primary(start: 1) { snapshot in
            snapshot.slots?.append(Slot(name: "pg_basebackup_77", type: .physical, isTemporary: true, restart: LSN(1), current: LSN(2)))
        }
        #expect(events(primary(start: 1), passing).isEmpty)
    }

    @Test("Settings that matter, synchronous standbys, replay and its pause")
    func settings() {
        let first = primary(start: 1) { $0.settings?.maxSlotWALKeepSizeBytes = nil }
        let second = primary(start: 1) { $0.settings?.maxSlotWALKeepSizeBytes = 1 << 30 }
        let told = events(first, second)
        #expect(kinds(told) == ["setting_changed max_slot_wal_keep_size"])
        #expect(told.first?.text == "max_slot_wal_keep_size at p is 1073741824 bytes, and was not set.")
        let waiting = primary(start: 1) { $0.settings?.synchronousStandbyNames = "s1" }
        #expect(events(primary(start: 1), waiting).map(\.kind) == [.synchronousLost, .settingChanged])
        let paused = standby(start: 1) { $0.recovery?.pauseState = .paused }
        #expect(events(standby(start: 1), paused).map(\.kind) == [.replayPaused])
        #expect(events(paused, standby(start: 1)).map(\.kind) == [.replayResumed])
    }

    @Test("Clients that stream come and go; what has a session of its own is no news")
    func senders() {
        func sender(_ name: String, slot: String? = nil, temporary: Bool = false) -> Walsender {
            Walsender(applicationName: name, slotName: slot, slotIsTemporary: temporary, state: .streaming, current: LSN(1))
        }
        let first = primary(start: 1) { $0.walsenders = [sender("s1"), sender("s2")] }
        let second = primary(start: 1) { $0.walsenders = [sender("s2"), sender("pg_basebackup", slot: "pg_basebackup_7", temporary: true)] }
        #expect(kinds(events(first, second)) == ["sender_gone s1"])
        #expect(kinds(events(second, first)) == ["sender_connected s1"])
    }

    @Test("A target that is down is told once, whatever was asked meanwhile, and nothing else of it is forgotten")
    func down() {
        var observed: ObservedTarget?
        let up = primary(start: 1) { $0.slots = [] }
        _ = ObservedTarget.events(of: report("p", up), at: 100, after: &observed)
        let first = ObservedTarget.events(of: downReport("p"), at: 115, after: &observed)
        #expect(first.map(\.text) == ["p does not answer: connection refused"])
        #expect(ObservedTarget.events(of: downReport("p"), at: 130, after: &observed).isEmpty)
        let restarted = primary(start: 2) { $0.slots = [Slot(name: "new", type: .physical, current: LSN(1))] }
        let back = ObservedTarget.events(of: report("p", restarted), at: 145, after: &observed)
        #expect(kinds(back) == ["target_up ", "server_restarted ", "slot_created new"])
    }

    @Test("Of another database only that it is one is told")
    func otherSystem() {
        let told = events(primary(start: 1), primary(start: 2, timeline: 7, system: "42"))
        #expect(told.map(\.kind) == [.systemChanged])
        #expect(told.first?.before == system)
        #expect(told.first?.after == "42")
    }

    @Test("A collector that fails, and works again")
    func collectors() {
        let works = primary(start: 1) { $0.reports = [CollectorReport(collector: .slots, failure: nil, seconds: 0)] }
        let fails = primary(start: 1) { $0.reports = [CollectorReport(collector: .slots, failure: CollectorFailure(.timeout, "x"), seconds: 0)] }
        #expect(kinds(events(works, fails)) == ["collector_failed \(CollectorName.slots.rawValue)"])
        #expect(kinds(events(fails, works)) == ["collector_works \(CollectorName.slots.rawValue)"])
    }

    @Test("Ten thousand are kept, and all are counted")
    func journal() {
        var journal = EventJournal()
        for number in 0..<11_000 { journal.append([Event(.targetUp, at: Double(number), "")]) }
        #expect(journal.events.count <= EventJournal.most + 500)
        #expect(journal.latest(20_000) { _ in true }.count == EventJournal.most)
        #expect(journal.latest(2) { _ in true }.map(\.time) == [10_998, 10_999])
        #expect(journal.latest(2) { $0.time < 5000 }.map(\.time) == [4998, 4999])
        #expect(journal.counts == [.targetUp: 11_000])
    }
}
