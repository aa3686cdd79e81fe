import PostgresTestSupport
import Testing

/// A service that runs PostgreSQL for others and refuses some of it, imitated on a real server: what it refuses, in what way, and which
/// collectors then are not supported.
struct ManagedService: CustomTestStringConvertible, Sendable {
    let name: String
    /// Functions and views that answer with an error of this SQLSTATE.
    var failing: [(state: String, functions: [String], views: [String])] = []
    /// Functions that the role may not execute.
    var revoked: [String] = []
    /// Functions that are not there.
    var missing: [String] = []
    /// On a primary, and on a standby of it.
    var unsupported: Set<String> = []
    var unsupportedOnStandby: Set<String> = []

    var testDescription: String { name }

    /// What each says is in docs/managed.md.
    static let all = [
        ManagedService(name: "RDS", revoked: ["pg_ls_waldir", "pg_ls_replslotdir"], unsupported: ["wal_directory", "slot_spill"]),
        ManagedService(
            name: "Aurora, wal_level replica",
            failing: [
                ("55000", ["pg_current_wal_lsn", "pg_current_wal_insert_lsn", "pg_current_wal_flush_lsn"], []),
                (
                    "0A000", ["pg_last_wal_receive_lsn", "pg_last_xact_replay_timestamp", "pg_ls_archive_statusdir"],
                    ["pg_stat_wal", "pg_stat_wal_receiver"]
                ),
            ],
            revoked: ["pg_ls_waldir"],
            unsupported: ["wal", "wal_stats", "wal_directory", "archive_status"],
            unsupportedOnStandby: ["wal", "wal_stats", "wal_directory", "archive_status", "receiver"]
        ),
        ManagedService(
            name: "Cloud SQL",
            revoked: ["pg_ls_waldir", "pg_ls_archive_statusdir", "pg_ls_replslotdir"],
            unsupported: ["wal_directory", "archive_status", "slot_spill"]
        ),
        ManagedService(name: "Azure", revoked: ["pg_ls_archive_statusdir"], unsupported: ["archive_status"]),
        ManagedService(
            name: "a fork",
            revoked: ["pg_control_checkpoint", "pg_control_recovery"],
            missing: ["pg_stat_get_wal", "pg_ls_waldir", "pg_ls_archive_statusdir", "pg_stat_get_archiver"],
            unsupported: ["wal_stats", "wal_directory", "archive_status", "archiver"]
        ),
        ManagedService(
            name: "one that hides what it is",
            failing: [("0A000", ["inet_server_addr"], [])],
            revoked: ["pg_control_system", "pg_control_init", "pg_postmaster_start_time", "pg_conf_load_time"]
        ),
    ]

    /// What refusals are known by in the server's log.
    static let marks = ["refused, as on a service", "permission denied for", "does not exist"]

    /// Where it is imitated: the functions of other databases are as they were.
    static let database = "managed"

    /// Makes a database of a server refuse what the service refuses, to all roles but superusers where it is a matter of privileges.
    func imitate(on server: PostgresServer) async throws {
        var commands = ["SET allow_system_table_mods = on;"]
        for (state, functions, views) in failing {
            let complaint = "RAISE EXCEPTION ''refused, as on a service'' USING ERRCODE = ''\(state)''"
            // One that replaced the body of a function of PostgreSQL's own would never be called: it is known by its number.
            commands.append(
                Self.each(
                    functions,
                    "ALTER FUNCTION pg_catalog.%1$I(%4$s) RENAME TO %1$s_as_it_was; CREATE FUNCTION pg_catalog.%1$I(%2$s) RETURNS %3$s LANGUAGE plpgsql AS "
                        + "$f$ BEGIN \(complaint); END $f$"
                )
            )
            for view in views {
                commands.append(
                    """
                    CREATE FUNCTION pg_catalog.refuse_\(view)() RETURNS bool LANGUAGE plpgsql STABLE AS $f$
                    BEGIN \(complaint.replacing("''", with: "'")); END $f$;
                    ALTER VIEW pg_catalog.\(view) RENAME TO \(view)_as_it_was;
                    CREATE VIEW pg_catalog.\(view) AS SELECT * FROM pg_catalog.\(view)_as_it_was WHERE pg_catalog.refuse_\(view)();
                    GRANT SELECT ON pg_catalog.\(view) TO PUBLIC;
                    """
                )
            }
        }
        commands.append(Self.each(revoked, "REVOKE EXECUTE ON FUNCTION pg_catalog.%1$I(%4$s) FROM PUBLIC, pg_monitor"))
        commands.append(Self.each(missing, "ALTER FUNCTION pg_catalog.%1$I(%4$s) RENAME TO %1$s_is_gone"))
        // Views of functions that are gone have their own names for them: a service would have no such view.
        if missing.contains("pg_stat_get_wal") { commands.append("ALTER VIEW pg_catalog.pg_stat_wal RENAME TO pg_stat_wal_is_gone;") }
        if missing.contains("pg_stat_get_archiver") { commands.append("ALTER VIEW pg_catalog.pg_stat_archiver RENAME TO pg_stat_archiver_is_gone;") }
        try await server.execute("CREATE DATABASE \(Self.database)")
        try await server.execute(commands.joined(separator: "\n"), database: Self.database)
    }

    private static func each(_ functions: [String], _ command: String) -> String {
        guard !functions.isEmpty else { return "" }
        return """
            DO $do$ DECLARE f record; BEGIN
              FOR f IN SELECT proname, pg_get_function_arguments(oid) AS a, pg_get_function_result(oid) AS r, pg_get_function_identity_arguments(oid) AS i
                FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN (\(functions.map { "'\($0)'" }.joined(separator: ", "))) LOOP
                EXECUTE format('\(command)', f.proname, f.a, f.r, f.i);
              END LOOP;
            END $do$;
            """
    }
}
