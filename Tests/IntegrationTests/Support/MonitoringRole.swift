import PostgresTestSupport

extension PostgresServer {
    static let monitoringPassword = "monitoring-secret"

    /// Creates the role that the documentation recommends: it sees all that the exporter reads, and no connection string.
    func createMonitoringRole(_ name: String = "monitor") async throws {
        var grants = [
            "CREATE ROLE \(name) LOGIN PASSWORD '\(Self.monitoringPassword)'",
            "GRANT pg_read_all_stats TO \(name)",
            "GRANT EXECUTE ON FUNCTION pg_ls_waldir(), pg_ls_archive_statusdir() TO \(name)",
        ]
        if version >= 15 { grants.append("GRANT EXECUTE ON FUNCTION pg_ls_replslotdir(text) TO \(name)") }
        if version >= 18 { grants.append("GRANT EXECUTE ON FUNCTION pg_ls_summariesdir() TO \(name)") }
        try await execute(grants.joined(separator: ";\n"))
    }

    /// How the exporter connects in the tests: over TCP with a password, like everybody.
    var monitoringConninfo: String {
        conninfo(user: "monitor", password: Self.monitoringPassword, over: .tcp)
    }
}
