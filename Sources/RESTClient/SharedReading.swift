import NIOCore
import NIOPosix
import Synchronization

/// Reads from files, on a thread that may be blocked. There are few of these, and on a disk that hangs each is gone for good: there is one reading
/// at a time, which all wait for.
final class SharedReading<Value: Sendable>: Sendable {
    private let underWay = Mutex<EventLoopFuture<Value>?>(nil)

    /// What is read. It has no deadline of its own; when its task is cancelled, it fails at once.
    func value(on loop: any EventLoop, _ read: @escaping @Sendable () throws -> Value) async throws -> Value {
        let answer = loop.makePromise(of: Value.self)
        future(on: loop, read).cascade(to: answer)
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    private func future(on loop: any EventLoop, _ read: @escaping @Sendable () throws -> Value) -> EventLoopFuture<Value> {
        let (future, isNew) = underWay.withLock { underWay in
            if let underWay { return (underWay, false) }
            let future = NIOThreadPool.singleton.runIfActive(eventLoop: loop, read)
            underWay = future
            return (future, true)
        }
        if isNew { future.whenComplete { _ in self.underWay.withLock { $0 = nil } } }
        return future
    }
}
