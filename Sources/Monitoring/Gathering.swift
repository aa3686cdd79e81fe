import ReplicationModel
import Synchronization

/// The reports of many monitors, awaited at once: a place each instead of a task each.
final class Gathering: Sendable {
    private struct State {
        var reports: [TargetReport?]
        var missing: Int
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    private init(count: Int) {
        state = Mutex(State(reports: Array(repeating: nil, count: count), missing: count))
    }

    /// A report of each, in their order. All monitors are asked before the first one is awaited, and each answers by the deadline.
    static func reports(of monitors: [TargetMonitor], _ patience: TargetMonitor.Patience) async -> [TargetReport] {
        let gathering = Gathering(count: monitors.count)
        for (index, monitor) in monitors.enumerated() {
            await monitor.report(patience) { gathering.add($0, at: index) }
        }
        await gathering.wait()
        return gathering.state.withLock { $0.reports.compactMap(\.self) }
    }

    private func add(_ report: TargetReport, at index: Int) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.reports[index] = report
            state.missing -= 1
            guard state.missing == 0 else { return nil }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isComplete = state.withLock { state in
                if state.missing > 0 { state.waiting = continuation }
                return state.missing == 0
            }
            if isComplete { continuation.resume() }
        }
    }
}
