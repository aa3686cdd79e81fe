import Collection
import ReplicationModel
import Testing

struct WALDecodingTests {
    @Test("A primary tells its three positions and its timeline")
    func primary() throws {
        let snapshot = try Recording.wal18.snapshot()
        var expected = PrimaryWAL(
            inserted: LSN(184_561_856),
            written: LSN(184_559_576),
            flushed: LSN(184_559_576),
            timeline: 1,
            lastReplayed: nil
        )
        expected.endedTransactions = -4711
        #expect(snapshot.primaryWAL == expected)
        #expect(snapshot.recovery == nil)
        #expect(snapshot.commitWaits == CommitWaits(sessions: 2, oldestSeconds: 12.25, confirmations: 1))
    }

    @Test("A standby tells what it received and replayed", arguments: [Recording.standbyWAL13, .standbyWAL15])
    func standby(recording: Recording) throws {
        let snapshot = try recording.snapshot()
        let recovery = try #require(snapshot.recovery)
        #expect(recovery.received == recovery.replayed)
        #expect(recovery.replayBacklogBytes == 0)
        #expect(recovery.pauseState == .notPaused)
        #expect(recovery.timeline == nil)
        #expect(snapshot.primaryWAL == nil)
    }

    @Test("From 19 on a standby knows its timeline, unless it is hidden from the role", arguments: ["2", nil])
    func standbyOf19(timeline: String?) throws {
        let recording = Recording.standbyWAL15.replacing("timeline", with: timeline).replacing("pause_state", with: "pause requested")
        let recovery = try #require(try recording.snapshot().recovery)
        #expect(recovery.timeline == timeline.flatMap(Int64.init))
        #expect(recovery.pauseState == .pauseRequested)
    }

    @Test("A standby fed from the archive alone, and a fresh one, have received and committed nothing")
    func archiveOnly() throws {
        let recording = Recording.standbyWAL15.replacing("received", with: nil).replacing("last_replayed_transaction", with: nil)
        let recovery = try #require(try recording.snapshot().recovery)
        #expect(recovery.received == nil && recovery.replayBacklogBytes == nil && recovery.lastReplayedTransaction == nil)
        #expect(recovery.end == LSN(50_610_896))
    }

    @Test("I/O times are there only where the server measures them")
    func statistics() throws {
        let timed = try #require(try Recording.walStatistics18.snapshot().walStatistics)
        #expect(timed.generation == .init(records: 33_179, fullPageImages: 1_833, bytes: 12_672_861, buffersFull: 16_780))
        #expect(timed.io == .init(writes: 17_604, syncs: 0, writeSeconds: 0.061775000000000004, syncSeconds: 0))
        #expect(timed.writers.map(\.backendType) == ["client backend", "walwriter"] && timed.writers.map(\.bytes) == [14_983_168, 212_992])
        let untimed = try #require(try Recording.walStatistics15.snapshot().walStatistics)
        #expect(untimed.io == .init(writes: 3_191, syncs: 0, writeSeconds: nil, syncSeconds: nil))
    }

    @Test("A standby generates no WAL: no zeros for it, though it writes")
    func standbyStatistics() throws {
        let statistics = try #require(try Recording.standbyWALStatistics18.snapshot().walStatistics)
        #expect(statistics.generation == nil)
        #expect(statistics.io?.writes == 151)
    }

    @Test("The directory tells its size and where the oldest kept segment begins")
    func directory() throws {
        let expected = WALDirectory(
            bytes: 67_109_202,
            segments: 4,
            recycledSegments: 2,
            oldestKept: LSN(0xA00_0000),
            oldestKeptModified: 1_795_453_614,
            historyFileModified: nil,
            segmentTimeline: 1,
            end: LSN(0xB00_0000),
            redo: LSN(184_549_624),
            stretches: [SegmentStretch(timeline: 1, first: LSN(0xA00_0000), last: LSN(0xB00_0000), segments: 2)],
            readAt: 1_795_453_622.15664
        )
        #expect(try Recording.walDirectory18.snapshot().walDirectory == expected)
    }

    @Test("Where there is no segment, or a stray file that looks like one, no position is made up", arguments: [nil, "0000000000000100"])
    func noOldestSegment(position: String?) throws {
        let recording = Recording.walDirectory18.replacing("oldest_kept", with: position)
        #expect(try #require(try recording.snapshot().walDirectory).oldestKept == nil)
    }

    @Test("Restartpoints have counters of their own from 17 on")
    func checkpoints() throws {
        let of18 = try #require(try Recording.checkpoints18.snapshot().checkpoints)
        #expect((of18.timed, of18.requested) == (0, 10))
        #expect(of18.restartpoints == .init(timed: 0, requested: 0, done: 0))
        #expect((of18.redo, of18.timeline, of18.minimumRecoveryTimeline) == (LSN(184_549_624), 1, 0))
        let of15 = try #require(try Recording.standbyCheckpoints15.snapshot().checkpoints)
        #expect(of15.restartpoints == nil)
        #expect((of15.timed, of15.requested, of15.minimumRecoveryTimeline) == (2, 0, 1))
    }

    @Test("The archiver tells its last file, also one that is no segment; where none works there is nothing")
    func archiver() throws {
        let of18 = Archiver(
            archived: 11,
            failed: 0,
            lastArchivedFile: "00000001000000000000000A",
            lastArchived: 1_795_453_614.028616,
            lastFailed: nil,
            lacksCommand: false
        )
        #expect(try Recording.archiver18.snapshot().archiver == of18)
        #expect(try Recording.archiver15.snapshot().archiver?.lastArchivedFile == "000000010000000000000002.00000028.backup")
        #expect(try Recording.standbyArchiver15.snapshot().archiver == nil)
        #expect(try Recording.standbyArchiver15.snapshot().lastArchivedAsPrimary == nil)
        let former = try Recording.formerArchiver18.snapshot()
        #expect(former.archiver == nil && former.lastArchivedAsPrimary == "00000002000000000000000A", "of the time when it was a primary")
        #expect(try Recording.archiveStatus18.snapshot().archiveStatus == ArchiveStatus(ready: 0, oldestReady: nil, readAt: 1_795_453_650.5))
    }

    @Test("An archiver that never succeeded fails")
    func neverSucceeded() throws {
        let recording = Recording.archiver18
            .replacing("archived", with: "0").replacing("failed", with: "18").replacing("last_archived_wal", with: nil)
            .replacing("last_archived", with: nil).replacing("last_failed", with: "1795453614.5")
        #expect(try #require(try recording.snapshot().archiver).isFailing)
    }

    @Test("The summarizer's backlog is never negative, and absent without a summarizer")
    func summaries() throws {
        #expect(try Recording.walSummarizer18.snapshot().walSummarizer?.unsummarizedBytes == 9_952)
        #expect(try Recording.walSummarizer18.replacing("unsummarized", with: "-8").snapshot().walSummarizer?.unsummarizedBytes == 0)
        var off = Recording.walSummarizer18
        off.rows = []
        #expect(try off.snapshot().walSummarizer == nil)
        #expect(try Recording.walSummaries18.snapshot().walSummariesBytes == 22_248)
    }
}
