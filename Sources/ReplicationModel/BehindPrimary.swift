/// How far a standby is behind the primary of its system, by the primary's own WAL clock: right also for one that is cut off, or whose
/// upstream is.
package struct BehindPrimary: Sendable, Hashable {
    /// The target that speaks for the primary.
    package var primary: String
    /// From what the standby has replayed to the primary's end of WAL as it was read last; never negative.
    package var bytes: Int64
    /// How long before the standby's position was read the primary's end passed it; 0 when it has replayed all that is known of.
    package var seconds: Double
    /// The primary's clock does not reach back that far: it may be more than `seconds`.
    package var isLowerBound: Bool
    /// How long before that the primary's end was read last: it may have written more since.
    package var unseenSeconds: Double
    /// How long before the standby's position was read the oldest transaction ended that it lacks, at most; 0: it lacks none that is known of. nil where
    /// that is not known.
    package var commitSeconds: Double?

    package init(primary: String, bytes: Int64, seconds: Double, isLowerBound: Bool, unseenSeconds: Double, commitSeconds: Double? = nil) {
        self.primary = primary
        self.bytes = bytes
        self.seconds = seconds
        self.isLowerBound = isLowerBound
        self.unseenSeconds = unseenSeconds
        self.commitSeconds = commitSeconds
    }

    /// The standby is behind by no more than this; nil: that is not known.
    package var mostSeconds: Double? {
        if isLowerBound { return nil }
        // One that has all up to the last known end lacks at most what was written after that.
        return bytes == 0 ? unseenSeconds : seconds
    }
}

/// Where a standby is, for the question how far that is behind its primary.
package struct StandbyPosition: Sendable, Hashable {
    package var systemKey: String
    package var timeline: Int64
    package var replayed: LSN
    /// When it was read.
    package var readAt: MonotonicTime

    /// nil where the server is no standby, or does not say where it is.
    package init?(_ report: TargetReport) {
        guard let snapshot = report.snapshot, snapshot.role == .standby, !snapshot.identity.systemIdentifier.isEmpty,
            let timeline = snapshot.timeline, let replayed = snapshot.recovery?.replayed, let readAt = report.collectedAt?.monotonic
        else { return nil }
        systemKey = snapshot.identity.systemKey
        self.timeline = timeline
        self.replayed = replayed
        self.readAt = readAt
    }
}
