extension PostgresServer {
    /// Runs SQL with this version's psql over the socket, statement by statement, and returns what it prints: a line a
    /// row, columns separated by `|`. The first error ends it and is thrown, with its SQLSTATE.
    @discardableResult
    package func psql(
        _ sql: String,
        database: String = "postgres",
        user: String = "postgres",
        timeout: Duration = defaultPatience
    ) async throws -> String {
        let outcome = try await ChildProcess.run(
            installation.tool("psql"),
            ["-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-d", conninfo(user: user, database: database)],
            input: sql,
            timeout: timeout
        )
        guard outcome.status == .code(0) else {
            throw SupportFailure("\(name): \(sql)\n\(outcome.errors)" + (isRunning ? "" : "the server is down; its log ends:\n\(logTail())"))
        }
        return outcome.output.hasSuffix("\n") ? String(outcome.output.dropLast()) : outcome.output
    }

    /// Runs SQL whose output is of no interest.
    package func execute(_ sql: String, database: String = "postgres") async throws {
        _ = try await psql(sql, database: database)
    }

    /// Where the WAL ends here: written on a primary, replayed on a standby.
    package func walEnd() async throws -> String {
        try await psql("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END")
    }

    /// The system identifier, which all members of one replication set share.
    package func systemIdentifier() async throws -> String {
        try await psql("SELECT system_identifier FROM pg_control_system()")
    }

    /// Creates a physical slot that holds WAL back from now on.
    package func createPhysicalSlot(_ slot: String) async throws {
        try await execute("SELECT pg_create_physical_replication_slot('\(slot)', true)")
    }

    /// Creates a logical slot. Version 13 has no contrib here, so no `test_decoding`: use `pgoutput` there.
    package func createLogicalSlot(_ slot: String, plugin: String = "test_decoding", database: String = "postgres") async throws {
        try await execute("SELECT pg_create_logical_replication_slot('\(slot)', '\(plugin)')", database: database)
    }
}
