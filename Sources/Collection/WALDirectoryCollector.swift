package import Postgres
package import ReplicationModel

/// A listing of pg_wal.
///
/// No regular expression: on 20,000 segments it doubles the cost. A segment is a name of 24 characters without anything but
/// hexadecimal digits; what follows the timeline sorts by position.
package enum WALDirectoryCollector: Collector {
    package static let name = CollectorName.walDirectory
    package static let interval = CollectionInterval.directory
    /// Without the control file.
    package static let hasReducedForm = true
    /// Timelines of which the segments are told: nobody has more, and an answer has an end.
    private static let timelines = 64

    package static func statement(for server: ServerTraits) -> Statement? {
        // Not a parameter of the statement: it never changes while the server lives, and stays out of every round trip.
        let segment = server.walSegmentBytes
        let perLog = WALSegmentSize.segmentsPerLog(of: segment)
        let isReduced = server.reduced.contains(name)
        return Statement(
            name: "wal_directory_\(segment)\(isReduced ? "_reduced" : "")",
            sql: """
                WITH here AS MATERIALIZED (SELECT pg_catalog.pg_wal_lsn_diff(\(SQL.current), '0/0')::pg_catalog.int8 AS position), \
                cur AS MATERIALIZED (SELECT (position / \(segment)) AS number FROM here), \
                edge AS MATERIALIZED (SELECT pg_catalog.upper(pg_catalog.lpad(pg_catalog.to_hex(number / \(perLog)), 8, '0') || pg_catalog.lpad(pg_catalog.to_hex(number % \(perLog)), 8, '0')) \
                COLLATE pg_catalog."C" AS name FROM cur), \
                files AS MATERIALIZED (SELECT name COLLATE pg_catalog."C" AS name, size, modification, CASE WHEN pg_catalog.length(name) = 24 AND \
                pg_catalog.translate(name, '0123456789ABCDEF', '') = '' THEN pg_catalog.substr(name, 9) COLLATE pg_catalog."C" END AS position, CASE WHEN name LIKE '________.history' \
                AND pg_catalog.translate(pg_catalog.left(name, 8), '0123456789ABCDEF', '') = '' THEN pg_catalog.left(name, 8) COLLATE pg_catalog."C" END AS timeline FROM pg_catalog.pg_ls_waldir()) \
                SELECT coalesce(pg_catalog.sum(f.size), 0)::pg_catalog.int8 AS bytes, pg_catalog.count(f.position) AS segments, \
                pg_catalog.count(f.position) FILTER (WHERE f.position > e.name) AS recycled, \
                pg_catalog.min(f.position) FILTER (WHERE f.position <= e.name) AS oldest_kept, \
                \(SQL.time("pg_catalog.min(f.modification) FILTER (WHERE f.position <= e.name)", as: "oldest_kept_modified")), \
                \(SQL.time("(pg_catalog.array_agg(f.modification ORDER BY f.timeline DESC) FILTER (WHERE f.timeline IS NOT NULL))[1]", as: "history_modified")), \
                ('x' || pg_catalog.max(f.timeline))::bit(32)::pg_catalog.int8 AS history_timeline, \
                ('x' || pg_catalog.max(pg_catalog.left(f.name, 8)) FILTER (WHERE f.position <= e.name))::bit(32)::pg_catalog.int8 AS segment_timeline, \
                (SELECT position FROM here) AS end_position, \
                \(isReduced ? "NULL AS redo" : "(SELECT \(SQL.position("redo_lsn", as: "redo")) FROM pg_catalog.pg_control_checkpoint()) AS redo"), \
                (SELECT pg_catalog.string_agg(s.timeline || s.first || s.last || s.segments::pg_catalog.text, ' ' ORDER BY s.timeline DESC) FROM \
                (SELECT pg_catalog.left(k.name, 8) AS timeline, pg_catalog.min(k.position) AS first, pg_catalog.max(k.position) AS last, pg_catalog.count(*) AS segments \
                FROM files k, edge WHERE k.position <= edge.name GROUP BY 1 ORDER BY 1 DESC LIMIT \(timelines)) s) AS stretches, \
                \(SQL.time("pg_catalog.clock_timestamp()", as: "read_at")) FROM edge e LEFT JOIN files f ON true
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
                segmentTimeline: try row.optionalTimeline("segment_timeline"),
                end: try row.optionalPosition("end_position"),
                redo: try row.optionalPosition("redo"),
                stretches: try row.stretches("stretches", segmentBytes: server.walSegmentBytes),
                readAt: try row.time("read_at")
            )
        }
    }
}
