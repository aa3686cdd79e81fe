import Synchronization

/// Lets one thing be done at a time, as often as it is asked for and no more: whoever asks hears of one that began after he asked, and those who
/// ask while one is under way share the next one.
package final class ReloadQueue<Outcome: Sendable>: Sendable {
    private struct State {
        var isRunning = false
        var isWanted = false
        var waiting: [@Sendable (Outcome) -> Void] = []
    }

    private let work: @Sendable () async -> Outcome
    private let state = Mutex(State())

    package init(_ work: @escaping @Sendable () async -> Outcome) {
        self.work = work
    }

    /// Asks, and waits for nothing.
    /// - Parameter answer: called once with what came of it.
    package func request(_ answer: (@Sendable (Outcome) -> Void)? = nil) {
        let isIdle = state.withLock { state in
            state.isWanted = true
            if let answer { state.waiting.append(answer) }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // Signals are noticed by the main thread, whose own priority would have threads of its own.
        if isIdle { Task(priority: .medium) { await run() } }
    }

    /// Asks, and waits for what came of it.
    /// - Returns: nil when that is not known within the time. It goes on.
    package func outcome(within limit: Duration) async -> Outcome? {
        let answer = Task {
            await withCheckedContinuation { continuation in
                request { continuation.resume(returning: $0) }
            }
        }
        return await answer.value(until: .now + limit)
    }

    private func run() async {
        while let waiting = next() {
            let outcome = await work()
            for answer in waiting { answer(outcome) }
        }
    }

    /// Who waits for the next one; nil when nobody has asked for it.
    private func next() -> [@Sendable (Outcome) -> Void]? {
        state.withLock { state in
            state.isRunning = state.isWanted
            guard state.isWanted else { return nil }
            state.isWanted = false
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
