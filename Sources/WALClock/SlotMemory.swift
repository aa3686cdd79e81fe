package import ReplicationModel

/// Remembers slots by name, so that one that was lost and made anew between two scrapes does not pass for a healthy one.
///
/// A lost slot never becomes valid again, so a valid one of its name is another one. Of a slot that was not seen lost only what cannot change in
/// the life of a slot proves that: positions jump when a consumer comes back, or when somebody moves the slot on.
package struct SlotMemory: Sendable {
    private var slots = NamedMemory<String, Entry>()
    /// Slots that were seen lost since they were last listed, and when first.
    private var lost: [String: Double] = [:]
    private static let limitOfLost = 1000
    /// The names of those that were there when slots were last listed.
    private var present: Set<String> = []
    /// When slots that are gone were first found to be so, Unix time.
    private var goneSince: [String: Double] = [:]

    fileprivate struct Entry {
        var record: SlotRecord?
        var last: Slot?
        /// Of the slot as it last had one: a lost physical slot shows none any more.
        var formerPosition: LSN?
    }

    package init() {}

    /// What is remembered: of the slots that there are in their order, then of those that are gone.
    package private(set) var records: [SlotRecord] = []

    package var evictions: Int { slots.evictions }

    package mutating func forgetAll() {
        slots.forgetAll()
        lost = [:]
        present = []
        goneSince = [:]
        records = []
    }

    /// Notes the names of slots that are lost at this moment.
    package mutating func noteLost(_ names: [String], wallClock: Double) {
        for name in names where lost[name] == nil && lost.count < Self.limitOfLost { lost[name] = wallClock }
    }

    /// Notes all slots that there are. Copies of another server's slots are dropped and made anew as a matter of course, and passing ones share
    /// their name.
    package mutating func note(_ present: [Slot], at now: MonotonicTime, wallClock: Double) {
        // By their places, for copies of a thousand slots would cost more than all that is done with them.
        var places = Dictionary<String, Int>(minimumCapacity: present.count)
        for (place, slot) in present.enumerated() where !slot.isPassing && !slot.isServersOwn && slot.isSynced != true {
            if places[slot.name] == nil { places[slot.name] = place }
        }
        let lost = lost
        self.lost = [:]
        let former = self.present
        var records = [SlotRecord?](repeating: nil, count: present.count)
        slots.see(places, at: now, initial: Entry()) { entry, place in
            let name = present[place].name
            entry.note(present[place], isNew: !former.contains(name), lostAt: lost.isEmpty ? nil : lost[name], wallClock: wallClock)
            records[place] = entry.record
        }
        self.present = Set(places.keys)
        for name in former where places[name] == nil { goneSince[name] = wallClock }
        if !goneSince.isEmpty { for name in places.keys { goneSince[name] = nil } }
        if goneSince.count > Self.limitOfLost { goneSince = [:] }
        self.records = records.compactMap(\.self)
        if slots.count < places.count { self.records.removeAll { slots[$0.name] == nil } }
        if slots.count > places.count {
            let gone = slots.values.filter { places[$0.key] == nil }
            self.records += gone.values.compactMap(\.record).sorted { $0.name < $1.name }.map { record in
                var record = record
                record.goneSince = goneSince[record.name]
                return record
            }
        }
    }
}

extension SlotMemory.Entry {
    fileprivate mutating func note(_ slot: Slot, isNew: Bool, lostAt: Double?, wallClock: Double) {
        var record = record ?? SlotRecord(name: slot.name, type: slot.type, seenSince: wallClock)
        if isNew { record.seenSince = wallClock }
        let wasLost = last?.isInvalidated == true || lostAt != nil
        if slot.isInvalidated, last?.isInvalidated != true { record.lostAt = lostAt ?? wallClock }
        if !slot.isInvalidated {
            // Between two listings: it was valid, lost, and is valid again.
            if let lostAt, last?.isInvalidated != true { record.lostAt = lostAt }
            if wasLost || last.map(slot.isCertainlyAnother) == true {
                record.recreations += 1
                record.latest = SlotRecord.Recreation(
                    at: wallClock,
                    wasLost: wasLost,
                    formerPosition: last?.confirmedFlush ?? last?.restart ?? formerPosition,
                    newPosition: slot.confirmedFlush ?? slot.restart
                )
                record.seenSince = wallClock
            }
        }
        record.type = slot.type
        self.record = record
        if let position = slot.confirmedFlush ?? slot.restart { formerPosition = position }
        last = slot
    }
}

extension Slot {
    /// Whether two slots of one name, both valid or the earlier one valid, cannot be one and the same.
    fileprivate func isCertainlyAnother(than former: Slot) -> Bool {
        if type != former.type || plugin != former.plugin || database != former.database { return true }
        // Only by being invalidated does a slot stop to reserve.
        return !isInvalidated && !former.isInvalidated && former.restart != nil && restart == nil
    }
}

// MARK: - What outlives the process

extension SlotMemory {
    package struct Kept: Sendable, Hashable, Codable {
        package var slots: [Entry]
        /// Slots that were seen lost since they were last listed, and when first.
        package var lost: [String: Double]

        package struct Entry: Sendable, Hashable, Codable {
            package var record: SlotRecord
            package var plugin: String?
            package var database: String?
            package var isInvalidated: Bool
            package var restart: LSN?
            package var confirmedFlush: LSN?
            package var formerPosition: LSN?
        }
    }

    package var kept: Kept {
        let known = slots.values.values.compactMap { entry in
            entry.record.map { record in
                Kept.Entry(
                    record: record,
                    plugin: entry.last?.plugin,
                    database: entry.last?.database,
                    isInvalidated: entry.last?.isInvalidated ?? false,
                    restart: entry.last?.restart,
                    confirmedFlush: entry.last?.confirmedFlush,
                    formerPosition: entry.formerPosition
                )
            }
        }
        return Kept(slots: known.sorted { $0.record.name < $1.record.name }, lost: lost)
    }

    /// What was remembered. That a slot is still the same one is not known of the time between: it counts as seen anew.
    package init(_ kept: Kept, at now: MonotonicTime) {
        let entries = kept.slots.map { kept in
            var last = Slot(name: kept.record.name, type: kept.record.type, plugin: kept.plugin, database: kept.database, current: nil)
            last.walStatus = kept.isInvalidated ? .lost : .reserved
            last.restart = kept.restart
            last.confirmedFlush = kept.confirmedFlush
            return (kept.record.name, Entry(record: kept.record, last: last, formerPosition: kept.formerPosition))
        }
        slots.restore(Dictionary(entries) { first, _ in first }, at: now)
        noteLost(Array(kept.lost.keys), wallClock: 0)
        lost.merge(kept.lost.filter { lost[$0.key] != nil }) { $1 }
    }
}
