/// Pieces of SQL that several collectors share. Positions travel as int8, bytes since 0/0; times as Unix seconds in float8.
enum SQL {
    /// The end of WAL as this server knows it: what a primary has written; on a standby the greater of received and replayed, which
    /// is also up to where its own walsenders may send. `greatest` ignores NULL.
    static let current =
        "CASE WHEN pg_catalog.pg_is_in_recovery() THEN greatest(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()) ELSE pg_catalog.pg_current_wal_lsn() END"

    /// On a standby, whether that is its end: it has asked for a walreceiver since its start, or waits before it tries again, and only does so
    /// when its own pg_wal is used up. NULL where the startup process is hidden from the role.
    static let endIsKnown = """
        CASE WHEN pg_catalog.pg_last_wal_receive_lsn() IS NOT NULL THEN true ELSE (SELECT coalesce(a.wait_event IN \
        ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'), false) FROM pg_catalog.pg_stat_activity a WHERE a.backend_type = 'startup' LIMIT 1) END
        """

    /// A number for `pg_current_snapshot()`, of which the text may be long. The snapshot is the statement's: taken before all else in it is read.
    static let endedTransactions = "pg_catalog.hashtextextended(pg_catalog.pg_current_snapshot()::pg_catalog.text COLLATE pg_catalog.\"C\", 0)"

    static func position(_ expression: String, as name: String) -> String {
        "pg_catalog.pg_wal_lsn_diff(\(expression), '0/0')::pg_catalog.int8 AS \(name)"
    }

    static func time(_ expression: String, as name: String) -> String {
        "\(seconds(expression)) AS \(name)"
    }

    static func seconds(_ expression: String) -> String {
        "extract(epoch FROM \(expression))::pg_catalog.float8"
    }

    /// Whether this server's archiver works at all: not with archive_mode off, and on a standby only with `always`.
    static let archives =
        "(pg_catalog.current_setting('archive_mode') = 'always' OR pg_catalog.current_setting('archive_mode') = 'on' AND NOT pg_catalog.pg_is_in_recovery())"
}
