import ReplicationModel

/// Transactions apart from WAL.
extension ServerHistory {
    mutating func noteCommits(of snapshot: ServerSnapshot, at now: MonotonicTime) {
        guard let wal = snapshot.primaryWAL else { return }
        noteCommits(wal.endedTransactions, wal.inserted, at: now, timeline: snapshot.timeline, fork: wal.lastReplayed)
    }

    /// No transaction is missing for longer than WAL is.
    func commitAge(_ position: LSN?, walAge: WALClock.Age?, at now: MonotonicTime) -> Double? {
        guard let position, let walAge, let age = commits.age(of: position, at: now) else { return nil }
        return walAge.isLowerBound ? age : min(age, walAge.seconds)
    }

    mutating func noteCommits(_ ended: Int64?, _ inserted: LSN?, at now: MonotonicTime, timeline: Int64? = nil, fork: LSN? = nil) {
        guard let ended, let inserted, let systemIdentifier else { return }
        commits.note(ended: ended, inserted: inserted, at: now, timeline: timeline, fork: fork, systemIdentifier: systemIdentifier)
    }
}
