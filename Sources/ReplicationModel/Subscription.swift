/// A logical subscription and its apply worker: pg_subscription with pg_stat_subscription.
package struct Subscription: Sendable, Hashable {
    package var name: String
    package var database: String
    package var isEnabled: Bool
    /// The apply worker runs. A failing one is gone for seconds at a time. nil on 13 when several databases have one of this name.
    package var isRunning: Bool?
    package var received: LSN?
    /// `latest_end_time`, Unix time.
    package var latestEnd: Double?
    /// `last_msg_receipt_time`, Unix time.
    package var lastMessage: Double?

    package init(
        name: String,
        database: String,
        isEnabled: Bool,
        isRunning: Bool?,
        received: LSN?,
        latestEnd: Double?,
        lastMessage: Double?
    ) {
        self.name = name
        self.database = database
        self.isEnabled = isEnabled
        self.isRunning = isRunning
        self.received = received
        self.latestEnd = latestEnd
        self.lastMessage = lastMessage
    }
}

/// How many tables of a subscription are in each state: pg_subscription_rel, in the database of the connection only.
package struct SubscriptionTables: Sendable, Hashable {
    package var subscription: String
    package var database: String
    package var counts: [State: Int64]
    /// Of its sequences (19+). They are copied once, and drift from then on.
    package var sequences: [State: Int64]

    /// `pg_subscription_rel.srsubstate`
    package enum State: String, Sendable, Hashable, CaseIterable {
        case initialize, dataCopy = "data_copy", finishedCopy = "finished_copy", synchronized, ready

        /// - Parameter code: the character that the catalogue holds.
        package init?(code: String) {
            switch code {
            case "i": self = .initialize
            case "d": self = .dataCopy
            case "f": self = .finishedCopy
            case "s": self = .synchronized
            case "r": self = .ready
            default: return nil
            }
        }
    }

    package init(subscription: String, database: String, counts: [State: Int64], sequences: [State: Int64] = [:]) {
        self.subscription = subscription
        self.database = database
        self.counts = counts
        self.sequences = sequences
    }
}

/// Errors and conflicts of a subscription: pg_stat_subscription_stats (15+).
package struct SubscriptionStatistics: Sendable, Hashable {
    package var subscription: String
    package var database: String
    package var applyErrors: Int64
    /// Of copies of tables.
    package var syncErrors: Int64
    /// Of synchronizations of sequences: 19+.
    package var sequenceErrors: Int64?
    /// 18+
    package var conflicts: [Conflict: Int64]

    /// The columns `confl_…` (18+).
    package enum Conflict: String, Sendable, Hashable, CaseIterable {
        case insertExists = "insert_exists"
        case updateOriginDiffers = "update_origin_differs"
        case updateExists = "update_exists"
        case updateMissing = "update_missing"
        case deleteOriginDiffers = "delete_origin_differs"
        case deleteMissing = "delete_missing"
        case multipleUniqueConflicts = "multiple_unique_conflicts"
        /// 19+
        case updateDeleted = "update_deleted"
    }

    package init(subscription: String, database: String, applyErrors: Int64, syncErrors: Int64, conflicts: [Conflict: Int64]) {
        self.subscription = subscription
        self.database = database
        self.applyErrors = applyErrors
        self.syncErrors = syncErrors
        self.conflicts = conflicts
    }
}
