/// pg_stat_archiver, where the server archives at all: archive_mode on (primary) or always.
package struct Archiver: Sendable, Hashable {
    package var archived: Int64
    package var failed: Int64
    /// `last_archived_wal`: a segment, or a `.history`, `.backup` or `.partial` file.
    package var lastArchivedFile: String?
    /// Unix time.
    package var lastArchived: Double?
    /// Unix time.
    package var lastFailed: Double?
    /// archive_mode is on, yet neither archive_command nor archive_library is set: nothing will ever be archived.
    package var lacksCommand: Bool

    package init(archived: Int64, failed: Int64, lastArchivedFile: String?, lastArchived: Double?, lastFailed: Double?, lacksCommand: Bool) {
        self.archived = archived
        self.failed = failed
        self.lastArchivedFile = lastArchivedFile
        self.lastArchived = lastArchived
        self.lastFailed = lastFailed
        self.lacksCommand = lacksCommand
    }

    /// The last try failed, no try ever succeeded, or there is no way to archive.
    package var isFailing: Bool {
        if lacksCommand { return true }
        guard let lastFailed else { return false }
        guard let lastArchived else { return true }
        return lastFailed > lastArchived
    }

    /// Bytes from the end of the last archived segment to `current`; nil when nothing was archived or the last file was no segment.
    package func lagBytes(current: LSN, segmentBytes: Int64) -> Int64? {
        guard let lastArchivedFile, let segment = WALSegmentName(lastArchivedFile, segmentBytes: segmentBytes) else { return nil }
        return current.lag(of: segment.start.advanced(by: segmentBytes))
    }
}

/// A listing of pg_wal/archive_status: `pg_ls_archive_statusdir()`.
package struct ArchiveStatus: Sendable, Hashable {
    /// Files that wait to be archived.
    package var ready: Int64
    /// Unix time; nil when none waits.
    package var oldestReady: Double?
    /// Of those the segments, whatever their timelines; nil when none waits. Each is kept, and it alone.
    package var readySegments: SegmentStretch?
    /// When it was listed, by the server's clock, as the times of files are.
    package var readAt: Double

    package init(ready: Int64, oldestReady: Double?, readySegments: SegmentStretch? = nil, readAt: Double) {
        self.ready = ready
        self.oldestReady = oldestReady
        self.readySegments = readySegments
        self.readAt = readAt
    }

    /// Seconds that the oldest file had been waiting when it was listed; nil when none waited.
    package var oldestAge: Double? { oldestReady.map { max(readAt - $0, 0) } }
}

extension ServerSnapshot {
    /// How old a file may be that waits, and how long ago the last one may have been archived: the archiver tries every minute.
    private static let archiverPause = 60.0

    /// Whether files wait and none was archived for a minute, whatever is counted as a failure: pg_stat_archiver counts only commands that ended
    /// by failing, not one that is missing, killed or hangs. nil where the server does not archive, or the listing is not there.
    package var isArchiverStalled: Bool? {
        guard let archiver, let archiveStatus else { return nil }
        guard let age = archiveStatus.oldestAge, age > Self.archiverPause else { return false }
        // After the listing the file may have gone.
        return archiver.lastArchived.map { archiveStatus.readAt - $0 > Self.archiverPause } ?? true
    }
}
