import PostgresTestSupport

/// What the exporter watches in the demo: a primary with a little load and an archive, a standby that follows it through
/// a slot, and a consumer of a logical slot.
struct DemoCluster: Sendable {
    let primary: PostgresServer
    let standby: PostgresServer
    let consumer: ChildProcess
    let load: ChildProcess

    static func start() async throws -> DemoCluster {
        let version = try PostgresInstallation.newestOfSystem().major
        say("Starting PostgreSQL \(version): a primary")
        let primary = try await PostgresServer.primary(version: version, archive: true, settings: settings)
        try await primary.execute(monitoringRole(version: version))
        try await primary.preparePgbench()
        say(", a standby")
        let standby = try await PostgresServer.standby(of: primary, slot: "standby")
        say(", a consumer of a logical slot, a little load, and the exporter.\n")
        let consumer = try await primary.startReceiveLogical(slot: "orders")
        return DemoCluster(primary: primary, standby: standby, consumer: consumer, load: try primary.startPgbench(rate: 20))
    }

    /// The archive moves every half minute and keeps what is younger than five; a forgotten slot cannot fill the disk.
    private static let settings = [
        "archive_command": "cp %p ../archive/%f && find ../archive -type f -mmin +5 -delete",
        "archive_timeout": "30s",
        "checkpoint_completion_target": "0.5",
        "checkpoint_timeout": "1min",
        "max_slot_wal_keep_size": "1GB",
    ]

    /// The least that the exporter needs. No pg_monitor: its members can read the password in primary_conninfo.
    private static func monitoringRole(version: Int) -> String {
        var statements = [
            "CREATE ROLE monitor LOGIN",
            "GRANT pg_read_all_stats TO monitor",
            "GRANT EXECUTE ON FUNCTION pg_ls_waldir(), pg_ls_archive_statusdir() TO monitor",
        ]
        if version >= 15 {
            statements.append("GRANT EXECUTE ON FUNCTION pg_ls_replslotdir(text), pg_ls_logicalsnapdir(), pg_ls_logicalmapdir() TO monitor")
        }
        if version >= 18 {
            statements.append("GRANT EXECUTE ON FUNCTION pg_ls_summariesdir() TO monitor")
        }
        return statements.map { "\($0);\n" }.joined()
    }

    /// The exporter's configuration file.
    var exporterConfiguration: String {
        """
        targets:
          - name: primary
            dsn: \(primary.conninfo(user: "monitor"))
            expect:
              role: primary
              slots: [{name: standby, type: physical}, {name: orders, type: logical}]
              standbys: [{application_name: standby}]
          - name: standby
            dsn: \(standby.conninfo(user: "monitor"))
            expect:
              role: standby

        """
    }
}
