import NIOCore
import NIOPosix
import Synchronization

/// Something that is read anew for everybody who asks, on a thread that may be blocked: files, on a disk that may hang.
///
/// Whoever asks gets what was read after he asked. When a reading takes too long, he gets what was read last; as long as it has not
/// ended, so does everybody else, at once.
final class FreshValue<Value: Sendable>: Sendable {
    private struct State {
        var last: Value
        var waiting: [EventLoopPromise<Value>] = []
        var readingSince: NIODeadline?
    }

    private let thread: NIOThreadPool
    private let patience: TimeAmount
    private let read: @Sendable () -> Value
    private let state: Mutex<State>

    /// - Parameters:
    ///   - first: what was read already.
    ///   - patience: how long a reading may take.
    init(_ first: Value, on thread: NIOThreadPool, patience: TimeAmount = .seconds(2), read: @escaping @Sendable () -> Value) {
        self.thread = thread
        self.patience = patience
        self.read = read
        state = Mutex(State(last: first))
    }

    /// The last that was read, however old.
    var last: Value { state.withLock(\.last) }

    func value(on loop: any EventLoop) -> EventLoopFuture<Value> {
        let promise = loop.makePromise(of: Value.self)
        let now = NIODeadline.now()
        let (isFirst, stale) = state.withLock { state -> (Bool, Value?) in
            if let since = state.readingSince, now - since > patience { return (false, state.last) }
            state.waiting.append(promise)
            guard state.readingSince == nil else { return (false, nil) }
            state.readingSince = now
            return (true, nil)
        }
        if let stale {
            promise.succeed(stale)
            return promise.futureResult
        }
        let timeout = loop.scheduleTask(in: patience) { promise.succeed(self.last) }
        promise.futureResult.whenComplete { _ in timeout.cancel() }
        if isFirst { start() }
        return promise.futureResult
    }

    private func start() {
        let batch = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        thread.submit { [self] _ in
            let value = read()
            let isWanted = state.withLock { state in
                state.last = value
                state.readingSince = state.waiting.isEmpty ? nil : .now()
                return !state.waiting.isEmpty
            }
            for promise in batch { promise.succeed(value) }
            if isWanted { start() }
        }
    }
}
