import Dispatch
import Synchronization

/// What one thread, or a task, hands to another thread, which may wait for it because nobody else runs there.
final class ThreadAnswer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)

    /// The work took too long.
    struct TooLate: Error {}

    /// Waits on the thread that calls; never to be called on one of the pool.
    static func wait(for limit: Duration, _ work: @escaping @Sendable () async -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let answer = ThreadAnswer()
        Task(priority: .medium) {
            let value = await work()
            answer.value.withLock { $0 = value }
            done.signal()
        }
        guard done.wait(timeout: .now() + limit / .seconds(1)) == .success, let value = answer.value.withLock(\.self) else { throw TooLate() }
        return value
    }
}

/// Goes on at the first of several ends, once.
final class FirstEnd: Sendable {
    private let continuation: Mutex<CheckedContinuation<Void, Never>?>

    init(_ continuation: CheckedContinuation<Void, Never>) {
        self.continuation = Mutex(continuation)
    }

    func resume() {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume()
    }
}
