import Logging
import Synchronization

/// Sees loops that do not turn: asks each of them to answer, and counts how long the answer takes.
final class Watchdog: Sendable {
    /// One that is watched.
    struct Loop: Sendable {
        let name: String
        /// Makes the loop call the closure when it gets to it.
        let ask: @Sendable (_ answer: @escaping @Sendable () -> Void) -> Void
    }

    /// Longer without an answer is a stall.
    private static let patience = Duration.seconds(10)
    /// From an answer to the next question.
    private static let pause = Duration.seconds(2)

    private struct Watched {
        /// Since when nothing was asked, or an answer is waited for; in time that `look` has seen pass.
        var elapsed = Duration.zero
        var isAsked = false
        var isStalled = false
    }

    private struct State {
        var loops: [Watched]
        var lastLook: ContinuousClock.Instant?
        var stalls = 0
    }

    private let loops: [Loop]
    private let logger: Logger
    private let state: Mutex<State>

    init(_ loops: [Loop], logger: Logger) {
        self.loops = loops
        self.logger = logger
        state = Mutex(State(loops: loops.map { _ in Watched() }))
    }

    /// Stalls that were seen since the start.
    var stalls: Int { state.withLock(\.stalls) }

    /// Which loops do not turn now, and for how long; nil: all do.
    var problem: String? {
        state.withLock { state in
            let stalled = zip(loops, state.loops).filter { $1.isStalled && $1.isAsked }
            guard !stalled.isEmpty else { return nil }
            return stalled.map { "\($0.name) has not turned for \($1.elapsed.components.seconds) s" }.joined(separator: ", ")
        }
    }

    /// To be called about once a second, by a thread that waits for nothing else.
    func look(at now: ContinuousClock.Instant) {
        enum Event { case ask, stall, recovery }
        var events: [(loop: Int, event: Event)] = []
        state.withLock { state in
            // Where more has passed, this thread did not run either: the process or the machine was stopped.
            let passed = state.lastLook.map { min(now - $0, .seconds(2)) } ?? Self.pause
            state.lastLook = now
            for index in state.loops.indices {
                state.loops[index].elapsed += passed
                let loop = state.loops[index]
                if loop.isAsked, loop.elapsed >= Self.patience, !loop.isStalled {
                    state.loops[index].isStalled = true
                    state.stalls += 1
                    events.append((index, .stall))
                } else if !loop.isAsked {
                    if loop.isStalled {
                        state.loops[index].isStalled = false
                        events.append((index, .recovery))
                    }
                    if loop.elapsed >= Self.pause {
                        state.loops[index].isAsked = true
                        state.loops[index].elapsed = .zero
                        events.append((index, .ask))
                    }
                }
            }
        }
        for (index, event) in events {
            let name = loops[index].name
            switch event {
            case .ask: loops[index].ask { self.noteAnswer(of: index) }
            case .stall:
                logger.critical("an event loop does not turn", metadata: ["loop": "\(name)", "seconds": "\(Self.patience.components.seconds)"])
            case .recovery: logger.notice("the event loop turns again", metadata: ["loop": "\(name)"])
            }
        }
    }

    private func noteAnswer(of loop: Int) {
        state.withLock { state in
            state.loops[loop].isAsked = false
            state.loops[loop].elapsed = .zero
        }
    }
}
