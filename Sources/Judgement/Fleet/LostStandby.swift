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
}
