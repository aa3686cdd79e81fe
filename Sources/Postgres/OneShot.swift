import Synchronization

/// An event that happens once, is fired from any thread and can be awaited on a loop, with a deadline.
///
/// It holds the loop's core only, so that a thread that hangs before firing keeps no loop alive.
final class OneShot: Sendable {
    private struct State {
        var hasFired = false
        var waits: [UInt64] = []
    }

    private let core: EventLoopCore
    private let state = Mutex(State())

    init(on loop: EventLoop) {
        core = loop.core
    }

    var hasFired: Bool {
        state.withLock { $0.hasFired }
    }

    func fire() {
        let waits = state.withLock { state in
            state.hasFired = true
            defer { state.waits = [] }
            return state.waits
        }
        for id in waits {
            core.post(.finish(id, .ready))
        }
    }

    nonisolated(nonsending) func wait(until deadline: ContinuousClock.Instant) async -> Wakeup {
        let id = core.newWaitID()
        let isOver = state.withLock { state in
            if !state.hasFired {
                state.waits.append(id)
            }
            return state.hasFired
        }
        if isOver {
            return .ready
        }
        let wakeup = await core.wait(id, for: [], on: -1, until: deadline, isAlreadyOver: { hasFired })
        state.withLock { $0.waits.removeAll { $0 == id } }
        return wakeup
    }
}
