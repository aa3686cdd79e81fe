package import Postgres
package import ReplicationModel

/// How far the WAL summarizer is behind (17+).
package enum WALSummarizerCollector: Collector {
    package static let name = CollectorName.walSummarizer

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 17 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.walSummarizer = try rows.atMostOne { row throws(DecodeError) in
            WALSummarizer(unsummarizedBytes: max(try row.int64("unsummarized"), 0), summarized: try row.optionalPosition("summarized"))
        }
    }

    /// Without a running summarizer the state is the last one known, or nothing.
    private static let statement = Statement(
        name: "wal_summarizer",
        sql: """
            SELECT pg_catalog.pg_wal_lsn_diff(\(SQL.current), summarized_lsn)::pg_catalog.int8 AS unsummarized, \
            \(SQL.position("nullif(summarized_lsn, '0/0')", as: "summarized")) FROM pg_catalog.pg_get_wal_summarizer_state() \
            WHERE summarizer_pid IS NOT NULL
            """
    )
}

/// Size of the WAL summaries on disk (18+).
package enum WALSummaryCollector: Collector {
    package static let name = CollectorName.walSummaries
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 18 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.walSummariesBytes = try rows.single { row throws(DecodeError) in try row.count("bytes") }
    }

    private static let statement = Statement(
        name: "wal_summaries",
        sql: "SELECT coalesce(pg_catalog.sum(size), 0)::pg_catalog.int8 AS bytes FROM pg_catalog.pg_ls_summariesdir()"
    )
}
