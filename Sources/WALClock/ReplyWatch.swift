import ReplicationModel

/// Since when walsenders have heard nothing new. What they tell themselves, `reply_time`, is by the other end's clock, which may be wrong: here it only
/// counts that it changes.
struct ReplyWatch: Sendable {
    private var heard: [Connection: Heard] = [:]

    /// One session: the same standby may have several.
    private struct Connection: Hashable {
        let key: WalsenderKey
        let started: Double?

        init(_ walsender: Walsender) {
            key = walsender.key
            started = walsender.started
        }
    }

    private struct Heard {
        var reply: Double
        var since: MonotonicTime
    }

    /// Of the walsenders that there are now, so never more than there are.
    mutating func note(_ walsenders: [Walsender], at now: MonotonicTime) {
        var present: [Connection: Heard] = [:]
        for walsender in walsenders {
            guard let reply = walsender.reply else { continue }
            let connection = Connection(walsender)
            if let known = heard[connection], known.reply == reply {
                present[connection] = known
            } else {
                present[connection] = Heard(reply: reply, since: now)
            }
        }
        heard = present
    }

    /// How long ago the last reply of a walsender was there already.
    func silence(of walsender: Walsender, at now: MonotonicTime) -> Double? {
        guard let known = heard[Connection(walsender)], known.reply == walsender.reply else { return nil }
        return max(now.seconds(since: known.since), 0)
    }
}
