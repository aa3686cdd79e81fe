import ReplicationModel

/// When transactions ended on a primary, and where its WAL was then: a WAL clock that stands still while WAL is written that ends none, as checkpoints, running
/// transactions and large loads write it.
struct CommitClock: Sendable {
    private var clock = WALClock()
    private var ended: Int64?
    /// Where the WAL had come to when a transaction was last seen to have ended: all that have are below it.
    private var end: LSN?

    /// - Parameters:
    ///   - ended: changes when a transaction has ended, and only then.
    ///   - inserted: the end of the WAL, read after that.
    mutating func note(ended: Int64, inserted: LSN, at now: MonotonicTime, timeline: Int64?, fork: LSN?, systemIdentifier: String) {
        if ended != self.ended || end.map({ inserted < $0 }) ?? true { end = inserted.withoutPageHeader }
        self.ended = ended
        guard let end else { return }
        clock.record(end, at: now, timeline: timeline, fork: fork, systemIdentifier: systemIdentifier)
    }

    /// How long ago the oldest transaction ended that is above a position: at most so long.
    ///
    /// - Returns: 0 when none is; nil when that is not known, because it is older than what was seen.
    func age(of position: LSN, at now: MonotonicTime) -> Double? {
        guard let age = clock.age(of: position, at: now), !age.isLowerBound else { return nil }
        return age.seconds
    }
}

extension LSN {
    /// At the start of a page the server counts its header as written; what is replayed ends before it.
    fileprivate var withoutPageHeader: LSN {
        let header = bytes % 8192
        return header == 24 || header == 40 ? LSN(bytes - header) : self
    }
}
