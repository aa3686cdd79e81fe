import Collection
import Postgres
import PostgresTestSupport
import ReplicationModel
import Testing

@Suite("Encodings", .serialized, .timeLimit(.minutes(5)))
struct EncodingTests {
    @Test(
        "In every encoding all is answered, also names that are nothing in it",
        arguments: PostgresInstallation.among(13, 18),
        ["SQL_ASCII", "EUC_JP", "MULE_INTERNAL", "LATIN1", "WIN1251", "UTF8"]
    )
    func names(major: Int, encoding: String) async throws {
        try await withServers {
            let publisher = try await PostgresServer.primary(version: major, name: "publisher", encoding: "SQL_ASCII")
            let server = try await PostgresServer.primary(version: major, name: encoding.lowercased(), encoding: encoding)
            // Catalogues that all databases share hold names in the encoding of the database that each was made in.
            try await server.execute(
                """
                CREATE ROLE monitor LOGIN;
                GRANT pg_monitor TO monitor;
                CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0;
                """
            )
            let source = publisher.conninfo(user: PostgresServer.replicationUser, password: PostgresServer.replicationPassword, over: .tcp)
            // E9 is a letter in LATIN1, and nothing in UTF-8; C3 A9 is the same letter in UTF-8.
            for name in [#"\351t\351"#, #"caf\303\251"#] {
                try await server.execute(
                    """
                    SET client_encoding = 'SQL_ASCII';
                    DO $do$ BEGIN EXECUTE 'CREATE SUBSCRIPTION "' || convert_from('\(name)'::bytea, 'SQL_ASCII')
                      || '" CONNECTION ''\(source)'' PUBLICATION p WITH (connect = false)'; END $do$;
                    """,
                    database: "bytes"
                )
            }
            try await server.createLogicalSlot("consumer", plugin: "pgoutput", database: "bytes")
            let every = EveryStatement(server: ServerTraits(major: major, role: .primary, walSegmentBytes: 16 << 20))
            let poolers = PgBouncer.isInstalled ? [try await PgBouncer(to: server)] : []
            for conninfo in [server.conninfo(user: "monitor")] + poolers.map(\.conninfo) {
                let session = Session(ConnectionParameters(conninfo: conninfo))
                try await session.connect(until: .now + .seconds(30))
                let snapshot = try await every.run(on: session, "\(encoding) at \(conninfo)")
                #expect(snapshot.subscriptions?.map(\.name).sorted() == [#"\xE9t\xE9"#, "café"])
                #expect(snapshot.slots?.map(\.name) == ["consumer"])
                await session.close()
            }
            for pooler in poolers { await pooler.stop() }
        }
    }
}
