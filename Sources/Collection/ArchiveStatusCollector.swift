package import Postgres
package import ReplicationModel

/// Files that wait to be archived.
package enum ArchiveStatusCollector: Collector {
    package static let name = CollectorName.archiveStatus
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? { statement }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.archiveStatus = try rows.atMostOne { row throws(DecodeError) in
            let (ready, oldestReady) = (try row.count("ready"), try row.optionalTime("oldest_ready"))
            let segments = try row.count("segments")
            let first = try row.optionalSegment("first_segment", segmentBytes: server.walSegmentBytes)
            let last = try row.optionalSegment("last_segment", segmentBytes: server.walSegmentBytes)
            return ArchiveStatus(
                ready: ready,
                oldestReady: oldestReady,
                readySegments: first.flatMap { first in last.map { SegmentStretch(first: first, last: $0, segments: segments) } },
                readAt: try row.time("read_at")
            )
        }
    }

    /// HAVING: no row at all where the server does not archive.
    private static let statement = Statement(
        name: "archive_status",
        sql: """
            SELECT pg_catalog.count(*) AS ready, \(SQL.time("pg_catalog.min(modification)", as: "oldest_ready")), \
            pg_catalog.count(position) AS segments, pg_catalog.min(position) AS first_segment, pg_catalog.max(position) AS last_segment, \
            \(SQL.time("pg_catalog.clock_timestamp()", as: "read_at")) FROM (SELECT modification, CASE WHEN pg_catalog.length(name) = 30 \
            AND pg_catalog.translate(pg_catalog.left(name, 24), '0123456789ABCDEF', '') = '' THEN pg_catalog.substr(name, 9, 16) COLLATE pg_catalog."C" END AS position \
            FROM pg_catalog.pg_ls_archive_statusdir() WHERE name LIKE '%.ready') f HAVING \(SQL.archives)
            """
    )
}
