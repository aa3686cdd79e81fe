package import Postgres
package import ReplicationModel

/// One question to a server: when it is asked, its SQL for each version and role, and what the answer means.
///
/// A collector knows nothing of the others: its failure costs only its own part of the snapshot.
package protocol Collector: Sendable {
    static var name: CollectorName { get }

    /// How often it is asked.
    static var interval: CollectionInterval { get }

    /// Whether there is a statement that asks for less, for servers that refuse the whole: see ``ServerTraits/reduced``.
    static var hasReducedForm: Bool { get }

    /// The statement for this server; nil when the version or the role has no such thing.
    static func statement(for server: ServerTraits) -> Statement?

    /// Puts the answer into the snapshot.
    /// - Throws: `DecodeError` when the answer has not the form that this version documents. The snapshot is unchanged then.
    static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError)
}

extension Collector {
    package static var interval: CollectionInterval { .everyScrape }
    package static var hasReducedForm: Bool { false }
}

/// How often a collector is asked.
package enum CollectionInterval: Sendable, Hashable {
    /// In the one round trip of every collection.
    case everyScrape
    /// A listing of a directory: by its own interval, after a collection has been answered.
    case directory
    /// Again when the server has reloaded its configuration, on a new connection, or after a change of role.
    case configuration
}

/// What decides which SQL a server understands.
package struct ServerTraits: Sendable, Hashable {
    /// 13, 14, …
    package var major: Int
    package var role: ServerRole
    /// `wal_segment_size` in bytes.
    package var walSegmentBytes: Int64
    /// The collectors that ask for less, because this server refused the whole.
    package var reduced: Set<CollectorName>

    package init(major: Int, role: ServerRole, walSegmentBytes: Int64, reduced: Set<CollectorName> = []) {
        self.major = major
        self.role = role
        self.walSegmentBytes = walSegmentBytes
        self.reduced = reduced
    }
}

/// All collectors, in the order in which they are asked: what others' values are compared with comes first.
package enum Collectors {
    package static let all: [any Collector.Type] = [
        WALCollector.self,
        ReceiverCollector.self,
        WalsenderCollector.self,
        SlotCollector.self,
        BaseBackupCollector.self,
        CheckpointCollector.self,
        ArchiverCollector.self,
        WALStatisticsCollector.self,
        WALSummarizerCollector.self,
        SlotStatisticsCollector.self,
        RecoveryPrefetchCollector.self,
        RecoveryConflictCollector.self,
        SubscriptionCollector.self,
        SubscriptionStatisticsCollector.self,
        SettingsCollector.self,
        PrivilegeCollector.self,
        WALDirectoryCollector.self,
        ArchiveStatusCollector.self,
        WALSummaryCollector.self,
        SlotSpillCollector.self,
        SubscriptionTableCollector.self,
        ReplicationOriginCollector.self,
    ]
}
