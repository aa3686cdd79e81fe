import Synchronization

/// Something that one task counts and others look at.
final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock(\.self) }

    func count() { state.withLock { $0 += 1 } }
}
