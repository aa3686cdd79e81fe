import Synchronization

extension Task where Failure == Never {
    /// The task's value, or nil when it is not there by the deadline. The task goes on either way: others may wait for it too.
    func value(until deadline: ContinuousClock.Instant) async -> Success? {
        await withCheckedContinuation { continuation in
            let first = FirstAnswer(continuation)
            let timer = Task<Void, Never> {
                // A sleep throws only when it is cancelled: the value came first, and has been handed over.
                guard (try? await Task<Never, Never>.sleep(until: deadline, clock: .continuous)) != nil else { return }
                first.resume(returning: nil)
            }
            Task<Void, Never> {
                first.resume(returning: await self.value)
                timer.cancel()
            }
        }
    }
}

/// Hands the first of two answers to the waiting task and drops the second.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value?, Never>?>

    init(_ continuation: CheckedContinuation<Value?, Never>) {
        self.continuation = Mutex(continuation)
    }

    func resume(returning value: Value?) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: value)
    }
}
