/// WAL positions of a primary.
package struct PrimaryWAL: Sendable, Hashable {
    /// `pg_current_wal_insert_lsn()`
    package var inserted: LSN
    /// `pg_current_wal_lsn()`
    package var written: LSN
    /// `pg_current_wal_flush_lsn()`
    package var flushed: LSN
    /// From `pg_walfile_name()`: right at once after a promotion, unlike pg_control.
    package var timeline: Int64
    /// `pg_last_wal_replay_lsn()`, which a promoted server keeps until it restarts. Also set after crash recovery.
    package var lastReplayed: LSN?
    /// Of `pg_current_snapshot()`, read before the positions: changes when a transaction that has written has ended, and only then.
    package var endedTransactions: Int64?

    package init(inserted: LSN, written: LSN, flushed: LSN, timeline: Int64, lastReplayed: LSN?) {
        self.inserted = inserted
        self.written = written
        self.flushed = flushed
        self.timeline = timeline
        self.lastReplayed = lastReplayed
    }
}

/// Receive and replay positions of a standby.
package struct Recovery: Sendable, Hashable {
    /// `pg_last_wal_receive_lsn()`; nil when nothing was streamed since the start. A restart puts it back to the segment's start.
    package var received: LSN?
    /// `pg_last_wal_replay_lsn()`
    package var replayed: LSN?
    /// `pg_last_xact_replay_timestamp()`: a commit time on the primary's clock.
    package var lastReplayedTransaction: Double?
    package var pauseState: ReplayPauseState
    /// `pg_stat_recovery.replay_end_tli` (19+).
    package var timeline: Int64?
    /// Whether ``end`` is the end of this server's WAL. false: since its start it replays what is in its own pg_wal, for hours with
    /// `recovery_min_apply_delay`, and only then asks for more; until then nobody knows how far that goes. nil: hidden from the role.
    package var isEndKnown: Bool?
    /// How long ago the upstream's WAL end passed the replayed position, by the WAL clock; nil while nothing is received.
    package var replayLag: Double?
    /// It may be more than ``replayLag``: nothing tells what was before that.
    package var replayLagIsLowerBound = false

    package init(
        received: LSN?,
        replayed: LSN?,
        lastReplayedTransaction: Double?,
        pauseState: ReplayPauseState,
        timeline: Int64?,
        isEndKnown: Bool? = nil
    ) {
        self.received = received
        self.replayed = replayed
        self.lastReplayedTransaction = lastReplayedTransaction
        self.pauseState = pauseState
        self.timeline = timeline
        self.isEndKnown = isEndKnown
    }

    /// The greater of received and replayed.
    package var end: LSN? {
        [received, replayed].compactMap { $0 }.max()
    }

    /// Bytes received and not yet replayed; nil when nothing was streamed.
    package var replayBacklogBytes: Int64? {
        guard let received, let replayed else { return nil }
        return received.lag(of: replayed)
    }
}

/// `pg_get_wal_replay_pause_state()` (14+). PostgreSQL 13 only knows whether a pause was requested.
package enum ReplayPauseState: String, Sendable, Hashable, CaseIterable {
    case notPaused = "not paused"
    case pauseRequested = "pause requested"
    case paused
}

/// Cumulative WAL generation and I/O: pg_stat_wal (14+), for I/O from 18 on pg_stat_io with object 'wal' and context 'normal'.
package struct WALStatistics: Sendable, Hashable {
    /// nil on a standby, which generates nothing.
    package var generation: Generation?
    package var io: IO?
    /// Who wrote how much, of those that wrote any (18+).
    package var writers: [Writer]

    /// A type of process: `pg_stat_io.backend_type`.
    package struct Writer: Sendable, Hashable {
        package var backendType: String
        package var bytes: Double

        package init(backendType: String, bytes: Double) {
            self.backendType = backendType
            self.bytes = bytes
        }
    }

    /// What was generated: pg_stat_wal.
    package struct Generation: Sendable, Hashable {
        package var records: Int64
        package var fullPageImages: Int64
        /// 19+
        package var fullPageImageBytes: Double?
        package var bytes: Double
        package var buffersFull: Int64

        package init(records: Int64, fullPageImages: Int64, bytes: Double, buffersFull: Int64) {
            self.records = records
            self.fullPageImages = fullPageImages
            self.bytes = bytes
            self.buffersFull = buffersFull
        }
    }

    /// What was written and synced.
    package struct IO: Sendable, Hashable {
        package var writes: Int64
        package var syncs: Int64
        /// Seconds; nil without track_wal_io_timing.
        package var writeSeconds: Double?
        /// Seconds; nil without track_wal_io_timing.
        package var syncSeconds: Double?

        package init(writes: Int64, syncs: Int64, writeSeconds: Double?, syncSeconds: Double?) {
            self.writes = writes
            self.syncs = syncs
            self.writeSeconds = writeSeconds
            self.syncSeconds = syncSeconds
        }
    }

    package init(generation: Generation?, io: IO?, writers: [Writer] = []) {
        self.generation = generation
        self.io = io
        self.writers = writers
    }
}

/// A listing of pg_wal: `pg_ls_waldir()`.
package struct WALDirectory: Sendable, Hashable {
    /// All files together.
    package var bytes: Int64
    package var segments: Int64
    /// Segments ahead of the current position: recycled or preallocated, no WAL in them yet.
    package var recycledSegments: Int64
    /// First byte of the oldest segment that is kept; nil when there is no segment.
    package var oldestKept: LSN?
    /// Unix time of the oldest kept segment's last write.
    package var oldestKeptModified: Double?
    /// Unix time of the last write of the current timeline's history file: on a promoted server, when it was promoted.
    package var historyFileModified: Double?
    /// The timeline of the newest history file; nil on a server that never saw a promotion.
    package var historyFileTimeline: Int64?
    /// The newest timeline of which there is WAL; nil when there is none.
    package var segmentTimeline: Int64?
    /// The end of the server's WAL when the directory was read; see ``ServerSnapshot/currentPosition``.
    package var end: LSN?
    /// Where a crash recovery would have begun when the directory was read, `pg_control_checkpoint().redo_lsn`; nil where the server does not show it.
    package var redo: LSN?
    /// The segments up to ``end``, a stretch for each timeline, the newest first. nil where the listing told only how many there are.
    package var stretches: [SegmentStretch]?
    /// When the directory was read, Unix time by the server's clock.
    package var readAt: Double

    package init(
        bytes: Int64,
        segments: Int64,
        recycledSegments: Int64,
        oldestKept: LSN?,
        oldestKeptModified: Double?,
        historyFileModified: Double?,
        historyFileTimeline: Int64? = nil,
        segmentTimeline: Int64? = nil,
        end: LSN? = nil,
        redo: LSN? = nil,
        stretches: [SegmentStretch]? = nil,
        readAt: Double
    ) {
        self.bytes = bytes
        self.segments = segments
        self.recycledSegments = recycledSegments
        self.oldestKept = oldestKept
        self.oldestKeptModified = oldestKeptModified
        self.historyFileModified = historyFileModified
        self.historyFileTimeline = historyFileTimeline
        self.segmentTimeline = segmentTimeline
        self.end = end
        self.redo = redo
        self.stretches = stretches
        self.readAt = readAt
    }
}

/// `pg_get_wal_summarizer_state()` (17+) while the summarizer runs.
package struct WALSummarizer: Sendable, Hashable {
    /// WAL not yet summarized. It is kept like the WAL of a slot.
    package var unsummarizedBytes: Int64
    /// `summarized_lsn`: nothing before it is kept for the summarizer. nil while it has not yet found out where it is.
    package var summarized: LSN?

    package init(unsummarizedBytes: Int64, summarized: LSN? = nil) {
        self.unsummarizedBytes = unsummarizedBytes
        self.summarized = summarized
    }
}
