import ReplicationModel

/// Until when a standby has known where its upstream's WAL ends. While it receives nothing that may move on unseen: what it learns afterwards was written
/// at any time since.
struct UpstreamLink: Sendable {
    private var messages = MessageWatch()
    private var heard: MonotonicTime?
    private var isBroken = false
    /// The last time in which nothing was heard. What a standby replays of its own pg_wal meanwhile was written before it, nobody knows when.
    private(set) var gap: (heard: MonotonicTime, again: MonotonicTime)?

    /// How old the last message is, by our clock.
    mutating func messageAge(_ session: Receiver.Session, at now: MonotonicTime) -> Double? {
        messages.age(of: session.lastMessage, told: session.lastMessageAge, at: now)
    }

    /// Nothing is received now.
    mutating func notReceiving() {
        isBroken = true
    }

    /// WAL is received.
    /// - Parameters:
    ///   - messageAge: see ``messageAge(_:at:)``.
    ///   - sessionAge: for how long the walreceiver has lived.
    /// - Returns: when the upstream's end was known last, where there was a break since then.
    mutating func receiving(messageAge: Double?, sessionAge: Double?, at now: MonotonicTime) -> MonotonicTime? {
        defer { heard = MonotonicTime(now.seconds - (messageAge ?? 0)) }
        guard let heard else {
            isBroken = false
            return nil
        }
        // A receiver that was not there when the former one was heard last.
        let isAnother = sessionAge.map { now.seconds - $0 > heard.seconds + 1 } ?? false
        defer { isBroken = false }
        guard isBroken || isAnother else { return nil }
        // One that breaks again at once was not there in between.
        let beginning = gap.map { $0.again >= heard ? $0.heard : heard } ?? heard
        gap = (beginning, now)
        return heard
    }
}
