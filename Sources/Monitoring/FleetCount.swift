import ReplicationModel
import Synchronization

/// How the targets did when they were asked last, whoever asked.
package struct FleetCount: Sendable, Hashable, CustomStringConvertible {
    /// All targets, also those that nobody has asked yet.
    package var targets = 0
    package var up = 0
    package var down = 0

    /// For people: `3 targets: 2 up, 1 down`.
    package var description: String {
        let known = [(up, "up"), (down, "down"), (targets - up - down, "not asked yet")].filter { $0.0 > 0 }
        let parts = known.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return "\(targets) target\(targets == 1 ? "" : "s")" + (parts.isEmpty ? "" : ": " + parts)
    }
}

extension Fleet {
    /// Counts without asking anybody.
    package var count: FleetCount {
        state.withLock { state in
            var count = FleetCount(targets: state.order.count)
            for monitor in state.order {
                guard let isUp = state.answers[monitor.name] else { continue }
                if isUp { count.up += 1 } else { count.down += 1 }
            }
            return count
        }
    }

    /// Remembers how a target did, for `count`.
    static func note(_ report: TargetReport, in answers: inout [String: Bool]) {
        switch report.outcome {
        case .up: answers[report.name] = true
        case .down: answers[report.name] = false
        // Whoever asked was impatient: nothing is known anew.
        case .unanswered: break
        }
    }
}
