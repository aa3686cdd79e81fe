/// One row of pg_stat_replication: a connected standby, base backup, pg_receivewal or logical consumer.
package struct Walsender: Sendable, Hashable {
    package var applicationName: String
    /// nil over a Unix socket.
    package var clientAddress: String?
    /// The slot whose active_pid is this walsender.
    package var slotName: String?
    package var slotIsTemporary: Bool
    package var state: State
    package var syncState: SyncState?
    package var syncPriority: Int64?
    /// The server's end of WAL when the row was read; nil where the server does not tell it.
    package var current: LSN?
    package var sent: LSN?
    package var written: LSN?
    package var flushed: LSN?
    /// nil for pg_receivewal and base backups, which replay nothing.
    package var replayed: LSN?
    /// `write_lag` in seconds as the server measured it; nil when it has no measure.
    package var writeLag: Double?
    package var flushLag: Double?
    package var replayLag: Double?
    /// `reply_time`, Unix time on the *standby's* clock.
    package var reply: Double?
    /// `backend_start`, Unix time.
    package var started: Double?
    /// `age(backend_xmin)`: hot_standby_feedback without a slot.
    package var xminAge: Int64?
    /// The slot's restart_lsn is ahead of the server's end of WAL.
    package var slotIsAhead: Bool
    /// What is compared with is the end of this server's WAL: always on a primary, on a standby see ``Recovery/isEndKnown``. false also where
    /// that is hidden.
    package var isEndKnown: Bool
    /// For how long WAL has waited to be flushed by a standby while no reply has come, by the exporter's clock: at least so long; 0 while nothing waits or
    /// replies come. nil for what is no physical standby, or not known to be one.
    package var unansweredSeconds: Double?
    /// How long ago the WAL end passed the written position, by the WAL clock; only of a receiver that replays nothing, which may flush whole
    /// segments only.
    package var writeAge: Double?
    /// How long ago the WAL end passed the flushed position, by the WAL clock.
    package var flushAge: Double?
    /// How long ago the WAL end passed the replayed position, by the WAL clock.
    package var replayAge: Double?
    /// How long ago the oldest transaction ended that is not replayed, at most; 0: none is missing, however much WAL is. nil where that is not known.
    package var commitAge: Double?
    /// One of the ages may be more than is told: the WAL clock does not reach back that far.
    package var ageIsLowerBound = false

    /// `pg_stat_replication.state`
    package enum State: String, Sendable, Hashable, CaseIterable {
        case startup, catchup, streaming, backup, stopping
    }

    /// `pg_stat_replication.sync_state`
    package enum SyncState: String, Sendable, Hashable, CaseIterable {
        case async, potential, quorum, sync
    }

    package init(
        applicationName: String,
        clientAddress: String? = nil,
        slotName: String? = nil,
        slotIsTemporary: Bool = false,
        state: State,
        syncState: SyncState? = nil,
        syncPriority: Int64? = nil,
        current: LSN?,
        sent: LSN? = nil,
        written: LSN? = nil,
        flushed: LSN? = nil,
        replayed: LSN? = nil,
        writeLag: Double? = nil,
        flushLag: Double? = nil,
        replayLag: Double? = nil,
        reply: Double? = nil,
        started: Double? = nil,
        xminAge: Int64? = nil,
        slotIsAhead: Bool = false,
        isEndKnown: Bool = true
    ) {
        self.applicationName = applicationName
        self.clientAddress = clientAddress
        self.slotName = slotName
        self.slotIsTemporary = slotIsTemporary
        self.state = state
        self.syncState = syncState
        self.syncPriority = syncPriority
        self.current = current
        self.sent = sent
        self.written = written
        self.flushed = flushed
        self.replayed = replayed
        self.writeLag = writeLag
        self.flushLag = flushLag
        self.replayLag = replayLag
        self.reply = reply
        self.started = started
        self.xminAge = xminAge
        self.slotIsAhead = slotIsAhead
        self.isEndKnown = isEndKnown
    }
}

extension Walsender {
    /// The standby holds WAL that this server does not have: it replayed more than was ever sent, or its slot retains less than
    /// nothing. It follows, but its data differ.
    ///
    /// Only in state streaming: after a reconnection sending begins anew at a segment's start, behind what the standby has. nil while this
    /// server does not know its own end: what it sent lately may be in its pg_wal, not yet replayed after a restart.
    package var isDiverged: Bool? {
        guard isEndKnown else { return nil }
        guard state == .streaming else { return false }
        if slotIsAhead { return true }
        guard let sent, let replayed else { return false }
        return replayed > sent
    }

    /// Bytes between the server's end of WAL and a position of the receiving side.
    package func lagBytes(_ position: KeyPath<Walsender, LSN?>) -> Int64? {
        guard let current, let position = self[keyPath: position] else { return nil }
        return current.lag(of: position)
    }

    /// Seconds of lag as the server says. Where it says nothing (idle, or no reply yet): 0 when the position proves that all is
    /// there, else nil.
    package func lagSeconds(_ measured: KeyPath<Walsender, Double?>, at position: KeyPath<Walsender, LSN?>) -> Double? {
        guard let position = self[keyPath: position] else { return nil }
        if let seconds = self[keyPath: measured] { return seconds }
        guard state == .streaming, let current, position >= current else { return nil }
        return 0
    }
}
