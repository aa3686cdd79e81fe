package import ReplicationModel

extension ServerSnapshot {
    /// Where the timeline that a primary writes began: what it had replayed when it was promoted. nil when it was not promoted since its
    /// start, or that is not certain: a crash recovery leaves its end in the same place.
    package var fork: LSN? {
        guard role == .primary, let primaryWAL, let lastReplayed = primaryWAL.lastReplayed, let directory = walDirectory else { return nil }
        guard let start = identity.postmasterStart else { return nil }
        if directory.historyFileTimeline == primaryWAL.timeline {
            guard let promotion = directory.historyFileModified, promotion > start else { return nil }
            return lastReplayed
        }
        // The directory was read before the promotion, and in the same life.
        return directory.historyFileTimeline ?? 1 < primaryWAL.timeline && directory.readAt > start ? lastReplayed : nil
    }
}
