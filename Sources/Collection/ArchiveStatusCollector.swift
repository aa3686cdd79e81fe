package import Postgres
package import ReplicationModel

/// Files that wait to be archived.
package enum ArchiveStatusCollector: Collector {
    package static let name = CollectorName.archiveStatus
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? { statement }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.archiveStatus = try rows.atMostOne { row throws(DecodeError) in
            ArchiveStatus(ready: try row.count("ready"), oldestReady: try row.optionalTime("oldest_ready"), readAt: try row.time("read_at"))
        }
    }

    /// HAVING: no row at all where the server does not archive.
    private static let statement = Statement(
        name: "archive_status",
        sql: """
            SELECT pg_catalog.count(*) AS ready, \(SQL.time("pg_catalog.min(modification)", as: "oldest_ready")), \
            \(SQL.time("pg_catalog.clock_timestamp()", as: "read_at")) FROM pg_catalog.pg_ls_archive_statusdir() WHERE name LIKE '%.ready' HAVING \(SQL.archives)
            """
    )
}
