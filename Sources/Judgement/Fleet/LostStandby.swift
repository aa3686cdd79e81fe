import ReplicationModel

extension FleetServer {
    /// Whether it is certain that a standby's WAL goes beyond the point where the primary's timeline left its own: it has data that the primary never had, and
    /// can never follow it. Nothing that is late in being told may make it seem so.
    func isBeyondFork(of primary: FleetServer) -> Bool {
        guard snapshot.role == .standby, primary.isPrimary, primary.systemIdentifier == systemIdentifier,
            let own = snapshot.timeline, let written = primary.snapshot.timeline, own < written,
            let fork = primary.fork, let recovery = snapshot.recovery, let end = recovery.end, end > fork
        else { return false }
        // What it receives now is of the timeline that it names.
        if isStreaming == true, snapshot.receiver?.session?.timeline == own { return true }
        // Else its control file may name a timeline that it has left: then there is WAL of the other one in its pg_wal, which is as it was when that was read.
        guard let directory = snapshot.walDirectory, directory.end == end, let newest = directory.segmentTimeline else { return false }
        return newest <= own
    }

    /// Whether a standby was promoted to the primary's timeline by itself: proven where its statistics tell it, else as it seems.
    func isOfAnotherPromotion(than primary: FleetServer) -> Bool {
        guard primary.isPrimary, primary.systemIdentifier == systemIdentifier else { return false }
        return snapshot.wasPromoted(beside: primary.snapshot) || seemsOfAnotherPromotion(than: primary)
    }

    /// Whether a standby that does not stream was promoted to the primary's timeline by itself, as it seems: its history file of that timeline was written
    /// before the primary was promoted, so it is not the primary's. The number is the same, and the histories are not.
    ///
    /// A primary's directory that was copied without its times makes it look so as well, though its standbys stream on then.
    private func seemsOfAnotherPromotion(than primary: FleetServer) -> Bool {
        guard snapshot.role == .standby, isStreaming == false,
            let own = snapshot.timeline, own > 1, own == primary.snapshot.timeline,
            let directory = snapshot.walDirectory, directory.historyFileTimeline == own, let written = directory.historyFileModified,
            let promoted = primary.promotion, let offset = snapshot.clockOffset, let primaryOffset = primary.snapshot.clockOffset
        else { return false }
        return written - offset < promoted - primaryOffset - Self.clockDoubt
    }

    /// How far two servers' times of files, set right by what their clocks are off, may be apart though they are of one moment, in seconds.
    private static let clockDoubt = 5.0
}

extension ServerSnapshot {
    /// Whether it is certain that this standby and a primary were both promoted, each by itself, to the timeline that they are on: what the one wrote
    /// there before it became a standby the other one never had, and no position need ever show it.
    ///
    /// That the standby was a primary its statistics tell. A copy of the primary's directory would have the primary's own: but there is none that has any
    /// while the primary is in the life in which it was promoted, for a start removes them.
    func wasPromoted(beside primary: ServerSnapshot) -> Bool {
        guard role == .standby, let timeline, timeline > 1, timeline == primary.timeline, primary.fork != nil, let lastArchivedAsPrimary else {
            return false
        }
        return WALSegmentName.writtenTimeline(archived: lastArchivedAsPrimary) == timeline
    }
}
