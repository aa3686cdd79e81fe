package import ReplicationModel

/// How much WAL a server writes, by what it was told from.
package struct WALRate: Sendable, Hashable {
    package var bytesPerSecond: Double
    package var source: Source

    package enum Source: Sendable, Hashable {
        /// Somebody said so.
        case given
        /// From the oldest finished segment in pg_wal to the end of WAL: the average of so many seconds.
        case keptWAL(seconds: Double)
        /// Between two looks at the end of WAL, so many seconds apart.
        case twoLooks(seconds: Double)
    }

    package init(bytesPerSecond: Double, source: Source) {
        self.bytesPerSecond = bytesPerSecond
        self.source = source
    }

    /// The least time that an average is worth telling of, in seconds.
    private static let leastSpan = 60.0

    /// By pg_wal: a segment was last written when the WAL reached its end. nil without a finished segment that is a minute old.
    package static func kept(_ snapshot: ServerSnapshot) -> WALRate? {
        guard let directory = snapshot.walDirectory, let start = directory.oldestKept, let modified = directory.oldestKeptModified,
            let end = directory.end, snapshot.identity.walSegmentBytes > 0
        else { return nil }
        let span = directory.readAt - modified
        let written = end.lag(of: start) -| snapshot.identity.walSegmentBytes
        guard span >= leastSpan, span.isFinite, written > 0 else { return nil }
        return WALRate(bytesPerSecond: Double(written) / span, source: .keptWAL(seconds: span))
    }

    /// By two looks at one server. nil where one has no end, or the other is of another server.
    package static func between(_ one: ServerSnapshot, _ other: ServerSnapshot, seconds: Double) -> WALRate? {
        guard one.identity.systemKey == other.identity.systemKey, seconds > 0, let start = one.furthestKnownEnd,
            let end = other.furthestKnownEnd, end >= start
        else { return nil }
        return WALRate(bytesPerSecond: Double(end.lag(of: start)) / seconds, source: .twoLooks(seconds: seconds))
    }
}
