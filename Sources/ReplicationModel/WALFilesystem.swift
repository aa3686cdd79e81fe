/// Why nothing is known of the filesystem that pg_wal is on, where something should be: a directory is configured, or the server runs on this
/// machine. Of servers elsewhere nothing can be known, and nothing is missing.
package struct WALFilesystemProblem: Sendable, Hashable {
    package var reason: Reason
    /// The directory that is configured (`wal_directory`), or where the server has its own; nil where it does not tell.
    package var path: String?
    /// Whether `path` is the configured one.
    package var isConfigured: Bool

    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The exporter's user may not look there: a data directory is its owner's own by default.
        case permission
        /// There is no such directory.
        case missing
        /// The server does not tell its data directory to a role without pg_read_all_settings.
        case hidden
        /// No answer within a second, as of a network filesystem that hangs.
        case timeout
        /// Anything else that the operating system says.
        case error
    }

    package init(_ reason: Reason, path: String?, isConfigured: Bool) {
        self.reason = reason
        self.path = path
        self.isConfigured = isConfigured
    }
}

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
