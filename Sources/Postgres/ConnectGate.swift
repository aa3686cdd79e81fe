import Synchronization

/// Bounds how many connections are on their way at once, over all sessions of the process: each takes a thread. First come, first served.
///
/// An attempt that hangs beyond its deadline, in a name lookup or on a hostile server, holds up nobody but its own session: its place goes to the
/// next. Only the number of threads is bounded, too.
final class ConnectGate: Sendable {
    /// The gate of all sessions.
    static let shared = ConnectGate()

    private struct State {
        var lastNumber: UInt64 = 0
        /// Attempts that somebody waits for.
        var active: Set<UInt64> = []
        /// Attempts that were given up and whose threads have not ended.
        var lingering: Set<UInt64> = []
        var waiting: [(number: UInt64, turn: OneShot)] = []
    }

    private let places: Int
    private let threads: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - places: how many attempts may be under way.
    ///   - threads: how many threads there may be, those included that were given up.
    init(places: Int = 32, threads: Int = 256) {
        self.places = places
        self.threads = threads
    }

    /// Asks for a place, which must be left whether or not it is granted.
    func request(on loop: EventLoop) -> ConnectPlace {
        let turn = OneShot(on: loop)
        let number = change { state in
            state.lastNumber += 1
            state.waiting.append((state.lastNumber, turn))
            return state.lastNumber
        }
        return ConnectPlace(gate: self, number: number, turn: turn)
    }

    fileprivate func holds(_ number: UInt64) -> Bool {
        state.withLock { $0.active.contains(number) }
    }

    fileprivate func linger(_ number: UInt64) {
        change { state in
            if state.active.remove(number) != nil { state.lingering.insert(number) }
        }
    }

    fileprivate func leave(_ number: UInt64) {
        change { state in
            state.active.remove(number)
            state.lingering.remove(number)
            state.waiting.removeAll { $0.number == number }
        }
    }

    fileprivate var occupation: String {
        let (active, lingering) = state.withLock { ($0.active.count, $0.lingering.count) }
        return "\(active) others are on their way" + (lingering == 0 ? "" : ", and \(lingering) that were given up hang")
    }

    private func change<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
        let (answer, granted) = state.withLock { state in
            let answer = body(&state)
            var granted: [OneShot] = []
            while !state.waiting.isEmpty, state.active.count < places, state.active.count + state.lingering.count < threads {
                let (number, turn) = state.waiting.removeFirst()
                state.active.insert(number)
                granted.append(turn)
            }
            return (answer, granted)
        }
        granted.forEach { $0.fire() }
        return answer
    }
}

/// A place at a ``ConnectGate``, for one attempt and its thread, or in the line before it.
struct ConnectPlace: Sendable {
    fileprivate let gate: ConnectGate
    fileprivate let number: UInt64
    fileprivate let turn: OneShot

    /// Returns when the attempt may begin.
    nonisolated(nonsending) func wait(until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        let failure = WaitFailure(await turn.wait(until: deadline))
        if let failure, failure == .deadlinePassed {
            throw PostgresError(failure, during: "connecting: waiting for a turn (\(gate.occupation))")
        }
        guard failure == nil, gate.holds(number) else { throw PostgresError(.cancelled, during: "connecting") }
    }

    /// Nobody waits for the attempt any more, but its thread has not ended.
    func linger() {
        gate.linger(number)
    }

    /// The thread has ended, or will not be begun. What waits for the place is cancelled.
    func leave() {
        gate.leave(number)
        turn.fire()
    }
}
