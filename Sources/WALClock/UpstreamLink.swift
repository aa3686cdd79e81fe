import ReplicationModel

/// Until when a standby has known where its upstream's WAL ends. While it receives nothing that may move on unseen: what it learns afterwards was written
/// at any time since.
struct UpstreamLink: Sendable {
    private var messages = MessageWatch()
    private var heard: MonotonicTime?
    private var isBroken = false

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
        return isBroken || isAnother ? heard : nil
    }
}
