import ExporterConfiguration
import Judgement
import Memory
import ReplicationModel
import Synchronization
import WALClock

/// What the fleet remembers of a former process, and what it gives to the next one.
extension Fleet {
    /// What is restored, and what has still to be: of members of Patroni, until they are found.
    struct Restored {
        var targets: [String: RememberedTarget] = [:]
        var isComplete = false
        /// By how much the wall clock is behind what was written: it was put back.
        var clockBehind = 0.0

        /// Now, never before what was written.
        var now: Moment {
            let now = WallClock.moment(.now)
            return Moment(monotonic: now.monotonic, wall: now.wall + clockBehind)
        }

        init() {}

        init(_ remembered: Remembered) {
            targets = Dictionary(remembered.targets.map { ($0.name, $0) }) { first, _ in first }
            isComplete = remembered.isComplete
            clockBehind = max(remembered.at - WallClock.now(), 0)
            // What was not complete then will not be by being kept for longer.
            if !isComplete { for name in targets.keys { targets[name]?.history?.histograms = [] } }
        }

        /// The history of a target that is to be watched from now on.
        mutating func take(_ name: String) -> (history: ServerHistory, at: Double)? {
            guard let target = targets.removeValue(forKey: name), let kept = target.history else { return nil }
            return (ServerHistory(kept, at: now, keptAt: target.at, isComplete: isComplete), target.at)
        }
    }

    /// What of a target that is not there is kept for so many seconds: a member of Patroni may come back.
    private static let lifetime = 7 * 86_400.0

    /// Takes in what a former process knew.
    static func restore(_ remembered: Remembered, in state: inout State) {
        let names = Set(state.configuration.targets.map(\.name))
        let clusters = state.configuration.patroni.map { $0.name + "/" }
        let isTarget = { (name: String) in names.contains(name) || clusters.contains { name.hasPrefix($0) } }
        var remembered = remembered
        remembered.targets.removeAll { !isTarget($0.name) }
        let restored = Restored(remembered)
        state.restored = restored
        state.memory = FleetMemory(remembered.fleet, at: restored.now, isTarget: isTarget)
        for target in remembered.targets { state.observed[target.name] = target.observed }
        var counts: [Event.Kind: Int] = [:]
        if remembered.isComplete {
            for (name, count) in remembered.eventCounts where count >= 0 { if let kind = Event.Kind(rawValue: name) { counts[kind] = count } }
        }
        state.journal = EventJournal(remembered.events, counts: counts)
    }

    /// What is to outlive the process but for the targets, and of which targets something is.
    func remembered(isComplete: Bool) -> (Remembered, targets: [String]) {
        let now = WallClock.moment(.now)
        return state.withLock { state in
            state.restored.targets = state.restored.targets.filter { now.wall - $0.value.at < Self.lifetime }
            let remembered = Remembered(
                at: now.wall,
                isComplete: isComplete,
                fleet: state.memory.kept(at: now),
                events: state.journal.events,
                eventCounts: Dictionary(uniqueKeysWithValues: state.journal.counts.map { ($0.key.rawValue, $0.value) })
            )
            return (remembered, state.order.map(\.name) + state.restored.targets.keys.sorted())
        }
    }

    /// What is to outlive the process of one target.
    func remembered(of name: String) async -> RememberedTarget? {
        let (monitor, restored, observed) = state.withLock { ($0.monitors[name], $0.restored.targets[name], $0.observed[name]) }
        guard let monitor else { return restored }
        let kept = await monitor.kept()
        return RememberedTarget(name: name, at: kept.at, history: kept.history, observed: observed)
    }
}
