package import Postgres
package import ReplicationModel

/// Logical subscriptions of all databases, and their apply workers.
package enum SubscriptionCollector: Collector {
    package static let name = CollectorName.subscriptions

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 17 ? from17 : server.major >= 16 ? from16 : server.major >= 14 ? from14 : from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.subscriptions = try rows.map { row throws(DecodeError) in
            Subscription(
                name: try row.name("name"),
                database: try row.name("database"),
                isEnabled: try row.bool("enabled"),
                isRunning: try row.optionalBool("running"),
                received: try row.optionalPosition("received"),
                latestEnd: try row.optionalTime("latest_end"),
                lastMessage: try row.optionalTime("last_message")
            )
        }
    }

    private static let columns = """
        \(SQL.position("t.received_lsn", as: "received")), \(SQL.time("t.latest_end_time", as: "latest_end")), \
        \(SQL.time("t.last_msg_receipt_time", as: "last_message"))
        """

    private static let from14 = statement("subscriptions_14", applyWorker: "t.relid IS NULL")
    private static let from16 = statement("subscriptions_16", applyWorker: "t.relid IS NULL AND t.leader_pid IS NULL")
    /// A worker that synchronizes sequences (19+) has no table either.
    private static let from17 = statement("subscriptions_17", applyWorker: "t.worker_type = 'apply'")

    private static func statement(_ name: String, applyWorker: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT s.subname AS name, d.datname AS database, s.subenabled AS enabled, t.pid IS NOT NULL AS running, \(columns) \
                FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid \
                LEFT JOIN pg_catalog.pg_stat_subscription t ON t.subid = s.oid AND \(applyWorker)
                """
        )
    }

    /// 13 keeps pg_subscription.oid from ordinary roles, so only the name joins; where two databases have subscriptions of one name,
    /// nothing is said of their workers.
    private static let from13 = Statement(
        name: "subscriptions_13",
        sql: """
            SELECT s.subname AS name, d.datname AS database, s.subenabled AS enabled, \
            CASE WHEN t.subname IS NOT NULL THEN t.pid IS NOT NULL END AS running, \(columns) \
            FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid \
            LEFT JOIN (SELECT subname, pg_catalog.min(pid) AS pid, pg_catalog.min(received_lsn) AS received_lsn, pg_catalog.min(latest_end_time) AS latest_end_time, \
            pg_catalog.min(last_msg_receipt_time) AS last_msg_receipt_time FROM pg_catalog.pg_stat_subscription WHERE relid IS NULL GROUP BY subname \
            HAVING pg_catalog.count(*) = 1) t ON t.subname = s.subname
            """
    )
}

/// Errors and conflicts of subscriptions (15+).
package enum SubscriptionStatisticsCollector: Collector {
    package static let name = CollectorName.subscriptionStatistics

    package static func statement(for server: ServerTraits) -> Statement? {
        switch server.major {
        case ...14: nil
        case 15...17: statement("subscription_stats_15", syncErrors: "sync_error_count", conflicts(in: server))
        case 18: statement("subscription_stats_18", syncErrors: "sync_error_count", conflicts(in: server))
        default: statement("subscription_stats_19", syncErrors: "sync_table_error_count", sequenceErrors: true, conflicts(in: server))
        }
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.subscriptionStatistics = try rows.map { row throws(DecodeError) in
            var statistics = SubscriptionStatistics(
                subscription: try row.name("name"),
                database: try row.name("database"),
                applyErrors: try row.count("apply_errors"),
                syncErrors: try row.count("sync_errors"),
                conflicts: [:]
            )
            if server.major >= 19 { statistics.sequenceErrors = try row.count("sequence_errors") }
            for (conflict, column) in conflicts(in: server) {
                statistics.conflicts[conflict] = try row.count(column)
            }
            return statistics
        }
    }

    private static func conflicts(in server: ServerTraits) -> [(SubscriptionStatistics.Conflict, StaticString)] {
        guard server.major >= 18 else { return [] }
        var columns: [(SubscriptionStatistics.Conflict, StaticString)] = [
            (.insertExists, "confl_insert_exists"),
            (.updateOriginDiffers, "confl_update_origin_differs"),
            (.updateExists, "confl_update_exists"),
            (.updateMissing, "confl_update_missing"),
            (.deleteOriginDiffers, "confl_delete_origin_differs"),
            (.deleteMissing, "confl_delete_missing"),
            (.multipleUniqueConflicts, "confl_multiple_unique_conflicts"),
        ]
        if server.major >= 19 { columns.append((.updateDeleted, "confl_update_deleted")) }
        return columns
    }

    private static func statement(
        _ name: String,
        syncErrors: String,
        sequenceErrors: Bool = false,
        _ conflicts: [(SubscriptionStatistics.Conflict, StaticString)]
    ) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT t.subname AS name, d.datname AS database, t.apply_error_count AS apply_errors, t.\(syncErrors) AS sync_errors\
                \(sequenceErrors ? ", t.sync_seq_error_count AS sequence_errors" : "")\
                \(conflicts.map { ", t.\($0.1)" }.joined()) FROM pg_catalog.pg_stat_subscription_stats t \
                JOIN pg_catalog.pg_subscription s ON s.oid = t.subid JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
                """
        )
    }
}

/// States of subscribed tables: PostgreSQL shows those of the connection's database only.
package enum SubscriptionTableCollector: Collector {
    package static let name = CollectorName.subscriptionTables
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        // 13 keeps pg_subscription.oid from ordinary roles, so the states cannot be told by subscription.
        server.major >= 14 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        var tables: [SubscriptionTables] = []
        let counts = try rows.map { row throws(DecodeError) in
            (
                subscription: try row.name("name"), database: try row.name("database"),
                state: try row.optionalEnumeration("state", as: TableStateCode.self)?.state, count: try row.count("tables"),
                sequences: try row.count("sequences")
            )
        }
        var known: [[String]: Int] = [:]
        for entry in counts {
            let index = known[[entry.database, entry.subscription], default: tables.endIndex]
            if index == tables.endIndex {
                known[[entry.database, entry.subscription]] = index
                tables.append(.init(subscription: entry.subscription, database: entry.database, counts: [:]))
            }
            guard let state = entry.state else { continue }
            if entry.count > 0 { tables[index].counts[state] = entry.count }
            if entry.sequences > 0 { tables[index].sequences[state] = entry.sequences }
        }
        snapshot.subscriptionTables = tables
    }

    /// A subscription without any table has one row without a state.
    private static let statement = Statement(
        name: "subscription_tables",
        sql: """
            SELECT s.subname AS name, d.datname AS database, r.srsubstate::pg_catalog.text AS state, \
            pg_catalog.count(r.srrelid) FILTER (WHERE c.relkind IS DISTINCT FROM 'S') AS tables, \
            pg_catalog.count(r.srrelid) FILTER (WHERE c.relkind = 'S') AS sequences \
            FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid LEFT JOIN pg_catalog.pg_subscription_rel r ON r.srsubid = s.oid \
            LEFT JOIN pg_catalog.pg_class c ON c.oid = r.srrelid \
            WHERE d.datname = pg_catalog.current_database() GROUP BY 1, 2, 3
            """
    )

    /// `srsubstate` as the catalogue holds it.
    private struct TableStateCode: RawRepresentable {
        let state: SubscriptionTables.State

        init?(rawValue: String) {
            guard let state = SubscriptionTables.State(code: rawValue) else { return nil }
            self.state = state
        }

        var rawValue: String { state.rawValue }
    }
}

/// Replication origins that exist. Their progress is hidden even from pg_monitor.
package enum ReplicationOriginCollector: Collector {
    package static let name = CollectorName.replicationOrigins
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? { statement }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.replicationOrigins = try rows.single { row throws(DecodeError) in Int(clamping: try row.count("origins")) }
    }

    private static let statement = Statement(
        name: "replication_origins",
        sql: "SELECT pg_catalog.count(*) AS origins FROM pg_catalog.pg_replication_origin"
    )
}
