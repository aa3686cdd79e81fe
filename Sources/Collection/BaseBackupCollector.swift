package import Postgres
package import ReplicationModel

/// Progress of running base backups.
package enum BaseBackupCollector: Collector {
    package static let name = CollectorName.baseBackups

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 19 ? from19 : from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.baseBackups = try rows.map { row throws(DecodeError) in
            var backup = BaseBackup(
                applicationName: try row.name("application_name"),
                clientAddress: try row.optionalName("client_addr"),
                phase: try row.enumeration("phase", as: BaseBackup.Phase.self),
                streamedBytes: try row.count("streamed"),
                totalBytes: try row.optionalCount("total")
            )
            if server.major >= 19 { backup.isIncremental = try row.bool("incremental") }
            return backup
        }
    }

    /// Rows that are hidden from this role have no phase.
    private static let from13 = statement("base_backups", "")
    private static let from19 = statement("base_backups_19", ", p.backup_type = 'incremental' AS incremental")

    private static func statement(_ name: String, _ more: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT coalesce(r.application_name, '') AS application_name, pg_catalog.host(r.client_addr) AS client_addr, p.phase, \
                p.backup_streamed AS streamed, p.backup_total AS total\(more) \
                FROM pg_catalog.pg_stat_progress_basebackup p JOIN pg_catalog.pg_stat_replication r USING (pid) WHERE p.phase IS NOT NULL
                """
        )
    }
}
