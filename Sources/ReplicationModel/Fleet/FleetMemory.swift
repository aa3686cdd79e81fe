/// What has to be remembered from one look at the servers to the next: times with two primaries.
///
/// Reports may come all at once or one by one, each with its own time.
package struct FleetMemory: Sendable {
    /// Times with two primaries that are not settled.
    package private(set) var splits: [SplitBrain] = []
    /// Of each system the primaries in the order in which they were seen, sightings of one that follow each other as one.
    private var sightings: [String: [Sighting]] = [:]
    /// The server that each target reached last.
    private var instances: [String: ServerInstance] = [:]
    /// By which targets each server was reached last, and how likely each is to roam: see `TargetReport.roaming`.
    private var targets: [ServerInstance: [String: Int]] = [:]

    /// Enough to see any number of servers take turns; the oldest go first.
    private static let maximumSightings = 32

    /// A server seen as a primary from one time to another, with no other primary of the system seen in between.
    private struct Sighting {
        var instance: ServerInstance
        var side: SplitBrain.Side
        /// Unix time by the exporter's clock.
        var first: Double
        var last: Double
    }

    package init() {}

    /// Learns from what a target said. A target that is down says nothing.
    ///
    /// - Parameter now: when it said so, Unix time by the exporter's clock: of a report that is handed out again, the same time again. A
    ///   later one would make a primary of the past one of the present.
    package mutating func note(_ report: TargetReport, at now: Double) {
        guard let snapshot = report.snapshot else { return }
        let instance = ServerInstance(snapshot.identity)
        let former = reach(instance, by: report)
        follow(instance, after: former)
        let target = speaker(of: instance) ?? report.name
        switch snapshot.role {
        case .primary:
            // Without the server's clock, nothing could be proven by the times of its files later.
            guard let timeline = snapshot.timeline, let clockOffset = snapshot.clockOffset else { return }
            let side = SplitBrain.Side(
                target: target,
                instance: instance,
                timeline: timeline,
                lastPrimary: now + clockOffset,
                isSuspect: false
            )
            sawPrimary(side, at: now)
        case .standby:
            sawStandby(instance, snapshot)
        }
    }

    /// Forgets targets that are configured no more.
    package mutating func keep(onlyTargets targets: Set<String>) {
        for target in instances.keys where !targets.contains(target) { unreach(target) }
        for (system, entries) in sightings {
            let kept = entries.filter { targets.contains($0.side.target) }
            sightings[system] = kept.isEmpty ? nil : kept
        }
        for index in splits.indices { splits[index].sides.removeAll { !targets.contains($0.target) } }
        settle()
    }

    /// - Returns: the server that it was before it started anew; nil when this is no restart.
    private mutating func reach(_ instance: ServerInstance, by report: TargetReport) -> ServerInstance? {
        let former = instances[report.name]
        if former == instance {
            // Patroni may tell late who is a member.
            if targets[instance]?[report.name] != .max { targets[instance]?[report.name] = report.roaming }
            return nil
        }
        var roaming = former.flatMap { targets[$0]?[report.name] } == .max ? .max : report.roaming
        unreach(report.name)
        // It left a server that others reach for one that others reach: it is an address that moves, whatever was configured.
        let hasMoved = former.map { targets[$0] != nil && targets[instance] != nil } ?? false
        if hasMoved { roaming = .max }
        instances[report.name] = instance
        targets[instance, default: [:]][report.name] = roaming
        return hasMoved ? nil : former
    }

    private mutating func unreach(_ target: String) {
        guard let instance = instances.removeValue(forKey: target) else { return }
        targets[instance]?[target] = nil
        if targets[instance]?.isEmpty == true { targets[instance] = nil }
    }

    /// The target that speaks for a server: the least likely to roam, then the first by name, so that it is the same at every look.
    private func speaker(of instance: ServerInstance) -> String? {
        targets[instance]?.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }

    /// A side's server has started anew, or another target turns out to speak for it.
    private mutating func follow(_ instance: ServerInstance, after former: ServerInstance?) {
        for index in splits.indices {
            if let former, let side = splits[index].sides.firstIndex(where: { $0.instance == former }) {
                if instance.systemIdentifier == former.systemIdentifier {
                    splits[index].sides[side].instance = instance
                } else {
                    // Another system in its place: nothing is left of the old data.
                    splits[index].sides.remove(at: side)
                }
            }
            for side in splits[index].sides.indices {
                if let speaker = speaker(of: splits[index].sides[side].instance) { splits[index].sides[side].target = speaker }
            }
        }
        settle()
    }

    private mutating func sawPrimary(_ side: SplitBrain.Side, at now: Double) {
        let system = side.instance.systemIdentifier
        var entries = sightings[system, default: []]
        let together = Self.between(entries, side.instance, now)
        if let last = entries.last, last.instance == side.instance {
            entries[entries.count - 1].side = side
            entries[entries.count - 1].last = max(now, last.last)
        } else {
            entries.append(Sighting(instance: side.instance, side: side, first: now, last: now))
            entries.removeFirst(max(entries.count - Self.maximumSightings, 0))
        }
        sightings[system] = entries

        let known = splits.firstIndex { $0.systemIdentifier == system }
        if let known, let position = splits[known].sides.firstIndex(where: { $0.instance == side.instance }) {
            splits[known].sides[position] = side
        }
        guard let since = together.map(\.first).min(), let lastSeen = together.map(\.last).max() else { return }
        let sides = together.map { present($0.side) } + [side]
        guard let known else {
            splits.append(SplitBrain(systemIdentifier: system, since: since, lastSeen: lastSeen, sides: sides))
            return
        }
        splits[known].lastSeen = max(lastSeen, splits[known].lastSeen)
        for side in sides where !splits[known].sides.contains(where: { $0.instance == side.instance || $0.target == side.target }) {
            splits[known].sides.append(side)
        }
    }

    /// A side that was seen in the past, under the names that its server has now.
    private func present(_ side: SplitBrain.Side) -> SplitBrain.Side {
        var side = side
        if let instance = instances[side.target], targets[side.instance] == nil { side.instance = instance }
        if let target = speaker(of: side.instance) { side.target = target }
        return side
    }

    /// The primaries that were seen strictly between two sightings of one that has not restarted in between, in the order in which they
    /// were seen, each once and as it was seen last.
    ///
    /// A primary can only become a standby by a restart. So this one was a primary all the time, and the others were so beside it.
    /// Less than that, one primary seen after another, is what every switchover looks like.
    private static func between(_ entries: [Sighting], _ instance: ServerInstance, _ now: Double) -> [Sighting] {
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

    private mutating func sawStandby(_ instance: ServerInstance, _ snapshot: ServerSnapshot) {
        let system = instance.systemIdentifier
        for index in splits.indices {
            guard let position = splits[index].sides.firstIndex(where: { $0.instance == instance }) else { continue }
            var side = splits[index].sides[position]
            // The last side that others have not given way to: what it follows now has its data.
            guard side.isSuspect || splits[index].sides.contains(where: { $0.target != side.target && !$0.isSuspect }) else { continue }
            side.isSuspect = true
            let survivor = sightings[system]?.last { $0.side.target != side.target }?.side
            if let survivor, side.isReplaced(by: snapshot, survivorTimeline: survivor.timeline) {
                splits[index].sides.remove(at: position)
                // What was seen before proves nothing of the time from now on.
                sightings[system] = nil
            } else {
                splits[index].sides[position] = side
            }
        }
        settle()
    }

    /// One side alone has nobody to differ from, unless it is the one that was to give way.
    private mutating func settle() {
        splits.removeAll { $0.sides.count < 2 && !$0.sides.contains(where: \.isSuspect) }
    }
}

extension SplitBrain.Side {
    /// Whether a standby's state proves that its data directory is not any more the one that was a primary's, or was rewound.
    ///
    /// Both pg_rewind and a base backup write all history files anew and remove those that the source does not have. Without them the
    /// server keeps the file that it wrote at its own promotion. But it also fetches files that it lacks when it follows: so a file of a
    /// higher timeline proves nothing of a standby that was seen without it.
    fileprivate mutating func isReplaced(by snapshot: ServerSnapshot, survivorTimeline: Int64) -> Bool {
        guard let directory = snapshot.walDirectory, directory.readAt > lastPrimary else { return false }
        guard let history = directory.historyFileTimeline else { return timeline > 1 }
        if history < timeline { return true }
        guard let modified = directory.historyFileModified else { return false }
        let isNew =
            if let unproven {
                history < unproven.timeline || history == unproven.timeline && modified > unproven.modified
            } else {
                history >= survivorTimeline && modified > lastPrimary
            }
        guard isNew else {
            unproven = SplitBrain.HistoryFile(timeline: history, modified: modified)
            return false
        }
        // It may just have fetched the file, and be refused for what it has beyond the fork.
        return snapshot.receiver?.isUp(settings: snapshot.settings) != false
    }
}
