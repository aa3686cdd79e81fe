import Collection
import Postgres
import PostgresTestSupport
import ReplicationModel
import Testing

@Suite("Names that a database's owner has taken", .serialized, .timeLimit(.minutes(5)))
struct HostileNameTests {
    @Test("No statement meets anything but PostgreSQL's own", arguments: PostgresInstallation.among(13, 18))
    func shadows(major: Int) async throws {
        try await withServers {
            let primary = try await PostgresServer.primary(version: major, archive: true, settings: major >= 17 ? ["summarize_wal": "on"] : [:])
            try await primary.execute("CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor")
            try await primary.createLogicalSlot("consumer", plugin: "pgoutput")
            let subscriber = try await PostgresServer.subscriber(of: primary)
            try await subscriber.execute("CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor")
            try await HostileNames.lay(in: primary)
            try await HostileNames.lay(in: subscriber)
            let standby = try await PostgresServer.standby(of: primary, slot: "standby")
            try await standby.waitUntilReplayed(primary)
            // That the trap is one.
            await #expect(throws: SupportFailure.self) { try await primary.psql("SELECT pg_is_in_recovery()", database: HostileNames.database) }
            await #expect(throws: SupportFailure.self) {
                try await primary.psql("SELECT * FROM pg_stat_replication", database: HostileNames.database)
            }
            await #expect(throws: SupportFailure.self) {
                try await primary.psql("SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text", database: HostileNames.database)
            }
            await #expect(throws: SupportFailure.self) { try await primary.psql("SELECT '1'::int8", database: HostileNames.database) }

            for (server, role) in [(primary, ServerRole.primary), (standby, .standby), (subscriber, .primary)] {
                let every = EveryStatement(server: ServerTraits(major: major, role: role, walSegmentBytes: 16 << 20))
                let poolers =
                    PgBouncer.isInstalled
                    ? [
                        try await PgBouncer(to: server, database: HostileNames.database),
                        try await PgBouncer(to: server, database: HostileNames.database, poolMode: "session", ignoring: ["options"]),
                    ] : []
                for conninfo in [server.conninfo(user: "monitor", database: HostileNames.database)] + poolers.map(\.conninfo) {
                    let session = Session(ConnectionParameters(conninfo: conninfo))
                    try await session.connect(until: .now + .seconds(30))
                    let marks = server.log.components(of: "evil was called")
                    let snapshot = try await every.run(on: session, "\(server.name) at \(conninfo)")
                    #expect(snapshot.slots != nil && snapshot.settings?.maxWALSizeBytes != nil && snapshot.walDirectory?.segments ?? 0 > 0)
                    if server === primary { #expect(snapshot.walsenders?.isEmpty == false) }
                    #expect(server.log.components(of: "evil was called") == marks)
                    await session.close()
                }
                for pooler in poolers { await pooler.stop() }

                // Also where the path leads elsewhere all the same, names are PostgreSQL's own; operators cannot all be told by their schema.
                let session = Session(ConnectionParameters(conninfo: server.conninfo(user: "monitor", database: HostileNames.database)))
                try await session.connect(until: .now + .seconds(30))
                let path = Statement(name: "path", sql: "SELECT pg_catalog.set_config('search_path', 'evil, pg_catalog', false)")
                _ = await session.run([path], until: .now + .seconds(30))
                try await every.run(on: session, "\(server.name), whose path leads elsewhere")
                await session.close()
            }
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
