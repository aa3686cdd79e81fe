package import Postgres

/// Is a process of ours still on the server that was left with a statement? It may hang where no cancel request reaches it, as on a
/// disk that does not answer.
package enum FormerBackendQuery {
    /// - Parameter pid: the process, which was not necessarily one of this server: then it is not there.
    package static func statement(pid: Int32) -> Statement {
        Statement(
            name: "former_backend_\(pid)",
            sql: """
                SELECT pg_catalog.count(*) AS processes FROM pg_catalog.pg_stat_activity WHERE pid = \(pid) AND usename = current_user \
                AND application_name = pg_catalog.current_setting('application_name') AND pid <> pg_catalog.pg_backend_pid()
                """
        )
    }

    package static func isThere(_ outcome: StatementOutcome) throws(PostgresError) -> Bool {
        let rows = try outcome.result.get()
        do {
            return try rows.single { row throws(DecodeError) in try row.int64("processes") } > 0
        } catch {
            throw PostgresError(.protocolViolation, error.description)
        }
    }
}
