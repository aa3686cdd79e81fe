import ReplicationModel

/// Of each system the primaries in the order in which they were seen, sightings of one that follow each other as one.
struct PrimarySightings: Sendable {
    var systems: [String: [Sighting]] = [:]

    /// Enough to see any number of servers take turns; the oldest go first.
    static let maximumSightings = 32
    /// Beyond it, those go first whose servers no target reaches, then those that were seen longest ago.
    static let maximumSystems = 4096

    /// A server seen as a primary from one moment to another, with no other primary of the system seen in between.
    struct Sighting: Sendable {
        var side: SplitBrain.Side
        var first: Moment
        var last: Moment

        var instance: ServerInstance { side.instance }
    }

    /// How many systems are remembered.
    var count: Int { systems.count }

    /// The primary of a system that was seen last, of those that are meant.
    func last(of system: String, where isMeant: (SplitBrain.Side) -> Bool) -> SplitBrain.Side? {
        systems[system]?.last { isMeant($0.side) }?.side
    }

    /// Remembers a primary.
    /// - Returns: the others that were primaries beside it.
    mutating func note(_ side: SplitBrain.Side, at now: Moment, isReached: (ServerInstance) -> Bool) -> [Sighting] {
        let system = side.instance.systemIdentifier
        if systems[system] == nil { makeRoom(isReached) }
        var entries = systems[system, default: []]
        let together = Self.between(entries, side.instance, now)
        if let last = entries.last, last.instance == side.instance {
            entries[entries.count - 1].side = side
            entries[entries.count - 1].last = max(now, last.last)
        } else {
            entries.append(Sighting(side: side, first: now, last: now))
            entries.removeFirst(max(entries.count - Self.maximumSightings, 0))
        }
        systems[system] = entries
        return together
    }

    /// Forgets primaries that were seen by targets which are configured no more.
    mutating func keep(onlyTargets targets: Set<String>) {
        systems = systems.compactMapValues { entries in
            let kept = entries.filter { targets.contains($0.side.target) }
            return kept.isEmpty ? nil : kept
        }
    }

    mutating func forget(_ system: String) {
        systems[system] = nil
    }

    mutating func forget(_ instance: ServerInstance) {
        systems[instance.systemIdentifier]?.removeAll { $0.instance == instance }
    }

    /// The primaries that were seen strictly between two sightings of one that has not restarted in between, in the order in which they
    /// were seen, each once and as it was seen last.
    ///
    /// A primary can only become a standby by a restart. So this one was a primary all the time, and the others were so beside it.
    /// Less than that, one primary seen after another, is what every switchover looks like.
    private static func between(_ entries: [Sighting], _ instance: ServerInstance, _ now: Moment) -> [Sighting] {
        guard let start = entries.firstIndex(where: { $0.instance == instance && $0.first < now }) else { return [] }
        var others: [Sighting] = []
        for entry in entries[start...] where entry.instance != instance && entry.first > entries[start].first && entry.first < now {
            if let known = others.firstIndex(where: { $0.instance == entry.instance }) {
                others[known].side = entry.side
                others[known].last = entry.last
            } else {
                others.append(entry)
            }
        }
        return others
    }

    /// Half of them go at once, so that a server which names a new system at every look does not cost a search at each.
    private mutating func makeRoom(_ isReached: (ServerInstance) -> Bool) {
        guard systems.count >= Self.maximumSystems else { return }
        let order = systems.compactMap { system, entries in
            entries.last.map { (system: system, isReached: entries.contains { isReached($0.instance) }, last: $0.last) }
        }.sorted { ($0.isReached ? 1 : 0, $0.last) < ($1.isReached ? 1 : 0, $1.last) }
        for (system, _, _) in order.prefix(systems.count / 2) { systems[system] = nil }
    }
}
