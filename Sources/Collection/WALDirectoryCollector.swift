package import Postgres
package import ReplicationModel

/// A listing of pg_wal.
///
/// No regular expression: on 20,000 segments it doubles the cost. A segment is a name of 24 characters without anything but
/// hexadecimal digits; what follows the timeline sorts by position.
package enum WALDirectoryCollector: Collector {
    package static let name = CollectorName.walDirectory
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        // Not a parameter of the statement: it never changes while the server lives, and stays out of every round trip.
        let segment = server.walSegmentBytes
        let perLog = WALSegmentSize.segmentsPerLog(of: segment)
        return Statement(
            name: "wal_directory_\(segment)",
            sql: """
                WITH cur AS MATERIALIZED (SELECT (pg_wal_lsn_diff(\(SQL.current), '0/0')::int8 / \(segment)) AS number), \
                edge AS MATERIALIZED (SELECT upper(lpad(to_hex(number / \(perLog)), 8, '0') || lpad(to_hex(number % \(perLog)), 8, '0')) \
                COLLATE "C" AS name FROM cur), \
                files AS MATERIALIZED (SELECT name COLLATE "C" AS name, size, modification, CASE WHEN length(name) = 24 AND \
                translate(name, '0123456789ABCDEF', '') = '' THEN substr(name, 9) COLLATE "C" END AS position, CASE WHEN name LIKE '________.history' \
                AND translate(left(name, 8), '0123456789ABCDEF', '') = '' THEN left(name, 8) COLLATE "C" END AS timeline FROM pg_ls_waldir()) \
                SELECT coalesce(sum(f.size), 0)::int8 AS bytes, count(f.position) AS segments, \
                count(f.position) FILTER (WHERE f.position > e.name) AS recycled, \
                min(f.position) FILTER (WHERE f.position <= e.name) AS oldest_kept, \
                \(SQL.time("min(f.modification) FILTER (WHERE f.position <= e.name)", as: "oldest_kept_modified")), \
                \(SQL.time("(array_agg(f.modification ORDER BY f.timeline DESC) FILTER (WHERE f.timeline IS NOT NULL))[1]", as: "history_modified")), \
                ('x' || max(f.timeline))::bit(32)::int8 AS history_timeline, \
                \(SQL.time("clock_timestamp()", as: "read_at")) FROM edge e LEFT JOIN files f ON true
                """
        )
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.walDirectory = try rows.single { row throws(DecodeError) in
            WALDirectory(
                bytes: try row.count("bytes"),
                segments: try row.count("segments"),
                recycledSegments: try row.count("recycled"),
                oldestKept: try row.optionalSegment("oldest_kept", segmentBytes: server.walSegmentBytes),
                oldestKeptModified: try row.optionalTime("oldest_kept_modified"),
                historyFileModified: try row.optionalTime("history_modified"),
                historyFileTimeline: try row.optionalTimeline("history_timeline"),
                readAt: try row.time("read_at")
            )
        }
    }
}
