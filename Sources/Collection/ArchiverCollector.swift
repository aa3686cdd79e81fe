package import Postgres
package import ReplicationModel

/// The archiver, where there is one at work.
package enum ArchiverCollector: Collector {
    package static let name = CollectorName.archiver

    package static func statement(for server: ServerTraits) -> Statement? {
        server.role == .standby && server.major >= 15 ? standbyStatement : statement
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        let row = try rows.atMostOne { row throws(DecodeError) in
            let archiver = Archiver(
                archived: try row.count("archived"),
                failed: try row.count("failed"),
                lastArchivedFile: try row.optionalName("last_archived_wal"),
                lastArchived: try row.optionalTime("last_archived"),
                lastFailed: try row.optionalTime("last_failed"),
                lacksCommand: try row.bool("lacks_command")
            )
            return (archiver, isAtWork: try row.bool("at_work"))
        }
        guard let (archiver, isAtWork) = row else { return }
        if isAtWork { snapshot.archiver = archiver } else { snapshot.lastArchivedAsPrimary = archiver.lastArchivedFile }
    }

    private static let statement = Statement(name: "archiver", sql: "\(select) WHERE \(SQL.archives)")

    /// From 15 on statistics survive a clean stop: those of a standby whose archiver does not work are of the time when it was a primary.
    private static let standbyStatement = Statement(
        name: "archiver_standby",
        sql: "\(select) WHERE \(SQL.archives) OR last_archived_wal IS NOT NULL"
    )

    /// archive_command may hold secrets: it is compared with '' on the server and never read. archive_library is of 15 and later.
    private static let select = """
        SELECT archived_count AS archived, failed_count AS failed, last_archived_wal, \
        \(SQL.time("last_archived_time", as: "last_archived")), \(SQL.time("last_failed_time", as: "last_failed")), \
        pg_catalog.current_setting('archive_command') = '' AND coalesce(pg_catalog.current_setting('archive_library', true), '') = '' AS lacks_command, \
        \(SQL.archives) AS at_work \
        FROM pg_catalog.pg_stat_archiver
        """
}
