import Postgres
import ReplicationModel

/// What costs the server a look at every file of a directory, or at other large things.
enum Listing: Sendable, Hashable {
    /// What a collector asks at the interval of the directories.
    case directory(CollectorName)
    /// When the segments in pg_wal were finished, so that ages reach back from the start: once per server.
    case pastOfWAL
}

/// When each listing is due: at an interval of its own when it succeeded, soon when it failed, then less and less soon.
struct ListingSchedule: Sendable {
    private struct Entry: Sendable {
        let listing: Listing
        var due: ContinuousClock.Instant
        var backoff: Backoff
    }

    /// In the order in which they are asked.
    private var entries: [Entry] = []
    private var interval: Duration

    init(interval: Duration) {
        self.interval = interval
    }

    /// A server, or a role, that was not listed yet: all are due.
    mutating func begin(_ collectors: [CollectorName], at now: ContinuousClock.Instant) {
        entries = []
        for collector in collectors { add(.directory(collector), at: now) }
    }

    mutating func add(_ listing: Listing, at now: ContinuousClock.Instant) {
        guard !entries.contains(where: { $0.listing == listing }) else { return }
        entries.append(Entry(listing: listing, due: now, backoff: Backoff(first: .seconds(2), cap: interval)))
    }

    /// - Parameter onlyFailed: the others wait until there has been a collection.
    func next(at now: ContinuousClock.Instant, onlyFailed: Bool) -> Listing? {
        entries.first { now >= $0.due && (!onlyFailed || $0.backoff.failures > 0) }?.listing
    }

    /// When the first of them is due.
    var firstDue: ContinuousClock.Instant? { entries.map(\.due).min() }

    /// When the first of those is due that failed.
    var firstRetry: ContinuousClock.Instant? { entries.filter { $0.backoff.failures > 0 }.map(\.due).min() }

    /// Lists more or less often from now on.
    mutating func change(interval: Duration, at now: ContinuousClock.Instant) {
        self.interval = interval
        for index in entries.indices {
            entries[index].due = min(entries[index].due, now + interval)
            if entries[index].backoff.failures == 0 { entries[index].backoff = Backoff(first: .seconds(2), cap: interval) }
        }
    }

    mutating func succeeded(_ listing: Listing, at now: ContinuousClock.Instant) {
        guard let index = entries.firstIndex(where: { $0.listing == listing }) else { return }
        guard listing != .pastOfWAL else {
            entries.remove(at: index)
            return
        }
        entries[index].backoff.succeeded()
        entries[index].due = now + interval
    }

    mutating func failed(_ listing: Listing, at now: ContinuousClock.Instant, jitter: Double) {
        guard let index = entries.firstIndex(where: { $0.listing == listing }) else { return }
        entries[index].due = now + entries[index].backoff.failed(at: now, jitter: jitter)
    }
}
