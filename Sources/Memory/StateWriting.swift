package import Judgement
import ReplicationModel
import WALClock

/// A state file in its making, piece by piece, so that there is never more of it in memory than one target.
package struct StateWriting: Sendable {
    private var lines = 0
    /// More for one target is not kept.
    package static let mostBytesPerTarget = 200 * 1024

    package init() {}

    /// What stands before the targets.
    package mutating func beginning(of state: Remembered) -> [UInt8] {
        var bytes = Array("\(StateText.magic)\(StateText.version)\n".utf8)
        append(.init(head: .init(at: state.at, isComplete: state.isComplete, eventCounts: state.eventCounts)), to: &bytes)
        // What was proven comes first.
        let (proven, others) = (state.fleet.systems.filter { $0.split != nil }, state.fleet.systems.filter { $0.split == nil })
        for system in proven + others { append(.init(system: system), to: &bytes) }
        for reached in state.fleet.reached { append(.init(reached: reached), to: &bytes) }
        return bytes
    }

    /// One target. Of one that would take too much, what can be had again is left out.
    package mutating func target(_ target: RememberedTarget) -> [UInt8] {
        var target = target
        for shorten in Self.shortenings {
            var bytes: [UInt8] = []
            append(.init(target: target), to: &bytes)
            if bytes.count <= Self.mostBytesPerTarget { return bytes }
            if !bytes.isEmpty { lines -= 1 }
            shorten(&target)
        }
        return []
    }

    private static let shortenings: [@Sendable (inout RememberedTarget) -> Void] = [
        { $0.history?.histograms = [] },
        { $0.observed?.slots = nil },
        { $0.observed = nil },
        { $0.history?.inactiveSince = [:] },
        { target in target.history?.slots.slots.removeAll { $0.record.lostAt == nil && $0.record.recreations == 0 } },
        { $0.history?.clock = nil },
        { $0.history = nil },
    ]

    /// What stands after the targets.
    package mutating func end(events: [Event]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events.suffix(EventJournal.most) { append(.init(event: event), to: &bytes) }
        append(.init(end: .init(lines: lines)), to: &bytes)
        return bytes
    }

    private mutating func append(_ line: StateText.Line, to bytes: inout [UInt8]) {
        guard let line = StateText.line(line) else { return }
        lines += 1
        bytes += line
    }

    /// A whole file.
    package static func bytes(of state: Remembered) -> [UInt8] {
        var writing = StateWriting()
        var bytes = writing.beginning(of: state)
        for target in state.targets { bytes += writing.target(target) }
        return bytes + writing.end(events: state.events)
    }
}
