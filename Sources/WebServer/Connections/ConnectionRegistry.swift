import NIOCore
import Synchronization

/// All connections of a server. When there are too many, the one that has been longest without a complete request makes room: whoever
/// sends requests always finds a place, whatever others hold.
package final class ConnectionRegistry: Sendable {
    struct Entry {
        /// When its last answer was complete; its start, before the first.
        var since: NIODeadline
        /// A request is complete, and its answer is being made.
        var isBusy = false
        /// It had sent a further request before it had its answer.
        var isHasty = false
        /// Closes it at once, without farewell.
        let close: @Sendable () -> Void
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var next = 0
        var hasty = 0
        /// Most that there were since it was quiet.
        var most = 0

        mutating func remove(_ number: Int) -> Entry? {
            let entry = entries.removeValue(forKey: number)
            if entry?.isHasty == true { hasty -= 1 }
            return entry
        }
    }

    private let limit: Int
    private let onQuiet: @Sendable () -> Void
    private let state = Mutex(State())

    private static let crowd = 32

    /// - Parameters:
    ///   - limit: how many there may be at once; at least 1.
    ///   - onQuiet: hears that a crowd has gone, a second after it.
    package init(limit: Int, onQuiet: @escaping @Sendable () -> Void = {}) {
        self.limit = max(1, limit)
        self.onQuiet = onQuiet
    }

    /// How many there are.
    package var count: Int { state.withLock(\.entries.count) }

    /// Takes one in.
    /// - Returns: its number.
    func add(at now: NIODeadline = .now(), close: @escaping @Sendable () -> Void) -> Int {
        let (number, victim) = state.withLock { state -> (Int, Entry?) in
            let victim = state.entries.count >= limit ? Self.victim(among: state.entries) : nil
            let evicted = victim.flatMap { state.remove($0) }
            state.next += 1
            state.entries[state.next] = Entry(since: now, close: close)
            state.most = max(state.most, state.entries.count)
            return (state.next, evicted)
        }
        victim?.close()
        return number
    }

    /// - Parameter loop: where it is told that a crowd has gone.
    func remove(_ number: Int, on loop: any EventLoop) {
        let isQuiet = state.withLock { state in
            _ = state.remove(number)
            guard state.most >= Self.crowd, state.entries.count <= state.most / 8 else { return false }
            state.most = state.entries.count
            return true
        }
        if isQuiet { loop.scheduleTask(in: .seconds(1)) { [onQuiet] in onQuiet() } }
    }

    /// A request of this connection is complete.
    func noteRequest(_ number: Int) {
        state.withLock { $0.entries[number]?.isBusy = true }
    }

    /// Its answer is made. That the client takes it is not ours to wait for.
    func noteAnswer(_ number: Int, at now: NIODeadline = .now()) {
        state.withLock { state in
            state.entries[number]?.isBusy = false
            state.entries[number]?.since = now
        }
    }

    /// Whether this connection has sent its next request already.
    /// - Returns: how many have.
    func noteHaste(_ number: Int, _ isHasty: Bool) -> Int {
        state.withLock { state in
            if let before = state.entries[number]?.isHasty, before != isHasty {
                state.entries[number]?.isHasty = isHasty
                state.hasty += isHasty ? 1 : -1
            }
            return state.hasty
        }
    }

    /// The oldest of those for which nothing is being done, else the oldest.
    private static func victim(among entries: [Int: Entry]) -> Int? {
        entries.min { left, right in
            (left.value.isBusy ? 1 : 0, left.value.since, left.key) < (right.value.isBusy ? 1 : 0, right.value.since, right.key)
        }?.key
    }
}
