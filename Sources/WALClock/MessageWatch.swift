import ReplicationModel

/// How long ago a standby heard from its upstream. The server tells by its clock, which may be set: by ours, a message that is still the last one has only
/// become older, and one that was not there when we looked before has come since.
struct MessageWatch: Sendable {
    private var known: (message: Double, since: MonotonicTime, age: Double)?
    private var lastLook: MonotonicTime?

    /// - Parameters:
    ///   - message: when the last message came, by the server's clock.
    ///   - told: seconds since then, by the server's clock.
    /// - Returns: seconds since then.
    mutating func age(of message: Double?, told: Double?, at now: MonotonicTime) -> Double? {
        defer { lastLook = now }
        guard let message, let told else { return told }
        if let known, known.message == message { return known.age + max(now.seconds(since: known.since), 0) }
        var age = max(told, 0)
        if known != nil, let lastLook { age = min(age, max(now.seconds(since: lastLook), 0)) }
        known = (message, now, age)
        return age
    }
}
