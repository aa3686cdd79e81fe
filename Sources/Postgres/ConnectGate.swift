import Synchronization

/// Bounds how many connections are on their way at once, over all sessions of the process: each takes a thread. First come, first served, but
/// those whose last attempt failed come after all others and leave some places to them: what is dead does not hold up what is well.
///
/// An attempt that hangs beyond its deadline, in a name lookup or on a hostile server, holds up nobody but its own session: its place goes to the
/// next. Only the number of threads is bounded, too.
final class ConnectGate: Sendable {
    /// The gate of all sessions.
    static let shared = ConnectGate()

    private struct State {
        var lastNumber: UInt64 = 0
        /// Attempts that somebody waits for, and whether they are retries.
        var active: [UInt64: Bool] = [:]
        /// Attempts that were given up and whose threads have not ended.
        var lingering: Set<UInt64> = []
        var waiting = Line()
        /// Those whose last attempt failed.
        var retries = Line()

        mutating func next(placesForRetries: Int) -> (number: UInt64, turn: OneShot)? {
            if let first = waiting.popFirst() {
                active[first.number] = false
                return first
            }
            guard active.values.count(where: \.self) < placesForRetries, let retry = retries.popFirst() else { return nil }
            active[retry.number] = true
            return retry
        }
    }

    private let places: Int
    private let placesForRetries: Int
    private let threads: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - places: how many attempts may be under way; three quarters of them, one at least, may be retries.
    ///   - threads: how many threads there may be, those included that were given up.
    init(places: Int = 32, threads: Int = 256) {
        self.places = places
        self.placesForRetries = max(places * 3 / 4, 1)
        self.threads = threads
    }

    /// Asks for a place, which must be left whether or not it is granted.
    /// - Parameter isRetry: the last attempt of the same session failed.
    func request(isRetry: Bool = false, on loop: EventLoop) -> ConnectPlace {
        let turn = OneShot(on: loop)
        let number = change { state in
            state.lastNumber += 1
            if isRetry { state.retries.append(state.lastNumber, turn) } else { state.waiting.append(state.lastNumber, turn) }
            return state.lastNumber
        }
        return ConnectPlace(gate: self, number: number, turn: turn)
    }

    fileprivate func holds(_ number: UInt64) -> Bool {
        state.withLock { $0.active[number] != nil }
    }

    fileprivate func linger(_ number: UInt64) {
        change { state in
            if state.active.removeValue(forKey: number) != nil { state.lingering.insert(number) }
        }
    }

    fileprivate func leave(_ number: UInt64) {
        change { state in
            state.active.removeValue(forKey: number)
            state.lingering.remove(number)
            state.waiting.remove(number)
            state.retries.remove(number)
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
            while state.active.count < places, state.active.count + state.lingering.count < threads,
                let next = state.next(placesForRetries: placesForRetries)
            {
                granted.append(next.turn)
            }
            return (answer, granted)
        }
        granted.forEach { $0.fire() }
        return answer
    }
}

/// Attempts in the order in which they came. Thousands may wait, and each may give up.
private struct Line {
    private var turns: [UInt64: OneShot] = [:]
    /// Also of those that gave up, until there are as many of these.
    private var order: [UInt64] = []
    private var head = 0

    mutating func append(_ number: UInt64, _ turn: OneShot) {
        if order.count > 2 * turns.count + 64 {
            order = order[head...].filter { turns[$0] != nil }
            head = 0
        }
        turns[number] = turn
        order.append(number)
    }

    mutating func remove(_ number: UInt64) {
        turns.removeValue(forKey: number)
    }

    mutating func popFirst() -> (number: UInt64, turn: OneShot)? {
        while head < order.count {
            let number = order[head]
            head += 1
            if let turn = turns.removeValue(forKey: number) { return (number, turn) }
        }
        order = []
        head = 0
        return nil
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
