extension ServerSnapshot {
    /// The slots of `synchronized_standby_slots` (17+), each with what is wrong with it; nil where that cannot be known, or nobody is waited for.
    ///
    /// No consumer of a failover slot gets anything that one of them has not confirmed.
    package var synchronizedStandbySlots: [SynchronizedStandbySlot]? {
        guard role == .primary, let names = settings?.synchronizedStandbySlots, let slots else { return nil }
        var told: Set<String> = []
        return names.filter { told.insert($0).inserted }.map { name in
            SynchronizedStandbySlot(name: name, problem: SynchronizedStandbySlot.problem(of: slots.first { $0.name == name }))
        }
    }
}

/// A slot that logical consumers wait for.
package struct SynchronizedStandbySlot: Sendable, Hashable {
    package var name: String
    /// Why it confirms nothing; nil: its standby is connected, or has all that there is.
    package var problem: Problem?

    package enum Problem: String, Sendable, Hashable, CaseIterable {
        case missing
        /// Invalidated: it will never confirm anything again.
        case lost
        /// Not a physical slot: nothing can be waited for there.
        case logical
        /// Nobody is connected, and there is WAL that it has not confirmed.
        case inactive
    }

    package init(name: String, problem: Problem?) {
        self.name = name
        self.problem = problem
    }

    fileprivate static func problem(of slot: Slot?) -> Problem? {
        guard let slot else { return .missing }
        if slot.type == .logical { return .logical }
        if slot.isInvalidated { return .lost }
        guard !slot.isActive else { return nil }
        // The end is not known everywhere; without it nobody can say that it is behind.
        guard let restart = slot.restart else { return .inactive }
        return slot.current.map { restart < $0 } == true ? .inactive : nil
    }
}
