import Synchronization

/// So many requests at once, and one more after each interval: those of all clients together.
final class TokenBucket: Sendable {
    private struct State {
        var tokens: Double
        var lastAt: ContinuousClock.Instant
    }

    private let limit: RateLimit
    private let state: Mutex<State>

    init(_ limit: RateLimit, at now: ContinuousClock.Instant = .now) {
        self.limit = limit
        state = Mutex(State(tokens: Double(max(0, limit.burst)), lastAt: now))
    }

    /// Takes a token if there is a whole one.
    func take(at now: ContinuousClock.Instant = .now) -> Bool {
        guard limit.interval > .zero else { return true }
        return state.withLock { state in
            let regained = max(.zero, now - state.lastAt) / limit.interval
            state.tokens = min(Double(max(0, limit.burst)), state.tokens + regained)
            state.lastAt = max(state.lastAt, now)
            guard state.tokens >= 1 else { return false }
            state.tokens -= 1
            return true
        }
    }
}
