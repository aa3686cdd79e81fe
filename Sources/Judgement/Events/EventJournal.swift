/// The latest events, and how many there were of each kind.
package struct EventJournal: Sendable {
    /// So many are kept.
    package static let most = 10_000
    /// Room that is made at once, so that each new event costs little.
    private static let room = 500

    /// From old to new.
    package private(set) var events: [Event] = []
    /// Of every kind, since counting began.
    package private(set) var counts: [Event.Kind: Int] = [:]

    package init() {}

    /// What a former process kept.
    /// - Parameter counts: as they are to go on; empty begins anew.
    package init(_ events: [Event], counts: [Event.Kind: Int]) {
        self.events = events.suffix(Self.most)
        self.counts = counts
    }

    package mutating func append(_ new: [Event]) {
        guard !new.isEmpty else { return }
        events += new
        if events.count > Self.most + Self.room { events.removeFirst(events.count - Self.most) }
        for event in new { counts[event.kind, default: 0] += 1 }
    }

    /// The latest of those that are meant, from old to new.
    package func latest(_ limit: Int, where isMeant: (Event) -> Bool) -> [Event] {
        var found: [Event] = []
        for event in events.suffix(Self.most).reversed() where found.count < limit && isMeant(event) { found.append(event) }
        return found.reversed()
    }
}
