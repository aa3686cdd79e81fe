package import ReplicationModel

/// What is remembered of things that a server names: walsenders, say.
///
/// A thing is forgotten an hour after it was last seen, and there is a limit: a client that makes up a new name each second costs no more
/// memory than that. At the limit the one that has been away for longest goes first, never a newcomer for the sake of those that are gone;
/// how many went so is counted. Only the time counts in which we could look: an outage of ours is no absence of theirs.
package struct NamedMemory<Name: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        /// When it was first seen.
        let since: MonotonicTime
        /// When it was first found to be away; nil while it is there.
        var absentSince: MonotonicTime?

        mutating func see(_ note: (inout Value) -> Void) {
            note(&value)
            absentSince = nil
        }
    }

    private var entries: [Name: Entry] = [:]
    private let limit: Int
    private let lifetime: Double
    /// How many were forgotten although their time was not over.
    package private(set) var evictions = 0

    /// - Parameters:
    ///   - limit: how many things are remembered at most.
    ///   - lifetime: for how many seconds one is remembered that is away.
    package init(limit: Int = 1000, lifetime: Double = 3600) {
        self.limit = max(limit, 1)
        self.lifetime = lifetime
    }

    /// Everything that is remembered.
    package var values: [Name: Value] { entries.mapValues(\.value) }

    package var count: Int { entries.count }

    /// What is remembered of one; nil when nothing is.
    package subscript(name: Name) -> Value? { entries[name]?.value }

    /// Notes what is there now, and forgets what has been away for too long.
    /// - Parameters:
    ///   - present: the things that are there, and what happened to each.
    ///   - initial: what is remembered of one that is new.
    ///   - note: brings the memory of a thing up to date.
    package mutating func see<Event>(_ present: [Name: Event], at now: MonotonicTime, initial: Value, note: (inout Value, Event) -> Void) {
        for (name, event) in present {
            // Found once, changed in its place: there may be a thousand at each scrape.
            entries[name, default: Entry(value: initial, since: now)].see { note(&$0, event) }
        }
        guard entries.count > present.count else { return trim() }
        var expired: [Name] = []
        for (name, entry) in entries where present[name] == nil {
            let absentSince = entry.absentSince ?? now
            if now.seconds(since: absentSince) >= lifetime {
                expired.append(name)
            } else if entry.absentSince == nil {
                entries[name]?.absentSince = now
            }
        }
        for name in expired { entries[name] = nil }
        trim()
    }

    /// Forgets everything but how much was evicted: what a server named means nothing on another.
    package mutating func forgetAll() {
        entries = [:]
    }

    /// Takes in what was remembered by a former process: of things that are not there again within the time, it is forgotten.
    package mutating func restore(_ values: [Name: Value], at now: MonotonicTime) {
        for (name, value) in values { entries[name] = Entry(value: value, since: now, absentSince: now) }
        trim()
    }

    private mutating func trim() {
        let excess = entries.count - limit
        guard excess > 0 else { return }
        // Who is away goes before who is there, and of those that are there the latest goes: a flood must not drive out who was there before.
        let oldest = entries.sorted { one, other in
            let (a, b) = (one.value.absentSince?.seconds ?? .infinity, other.value.absentSince?.seconds ?? .infinity)
            return a == b ? one.value.since > other.value.since : a < b
        }
        for (name, _) in oldest.prefix(excess) { entries[name] = nil }
        evictions += excess
    }
}
