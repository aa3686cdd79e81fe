/// The filesystem that pg_wal is on: statvfs(3) on the server's own machine.
package struct WALFilesystem: Sendable, Hashable {
    package var sizeBytes: Int64
    /// What an ordinary user, such as PostgreSQL's, may still use.
    package var availableBytes: Int64
    /// Seconds until nothing is available at the observed rate of growth; nil while it does not grow.
    package var timeToFull: Double?

    package init(sizeBytes: Int64, availableBytes: Int64, timeToFull: Double? = nil) {
        self.sizeBytes = sizeBytes
        self.availableBytes = availableBytes
        self.timeToFull = timeToFull
    }
}
