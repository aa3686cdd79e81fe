package import Postgres
package import ReplicationModel

/// What must be known before anything else makes sense: a server whose identity or role cannot be read is down.
package enum IdentityQueries {
    /// Asked once per connection: none of it changes while the postmaster lives. Only the first must be answered: it asks for settings alone.
    /// Functions are the others', each by itself: a service, or an administrator, may refuse any.
    package static let all = [settings, system, address, start]

    private static let settings = Statement(
        name: "identity",
        sql: """
            SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int8 AS version_number, \
            pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('cluster_name') AS cluster_name, \
            pg_catalog.current_setting('wal_segment_size') AS wal_segment_size
            """
    )

    private static let system = Statement(
        name: "identity_system",
        sql: "SELECT system_identifier::pg_catalog.text AS system_identifier FROM pg_catalog.pg_control_system()"
    )

    private static let address = Statement(
        name: "identity_address",
        sql: "SELECT pg_catalog.host(pg_catalog.inet_server_addr()) AS address, pg_catalog.inet_server_port()::pg_catalog.int8 AS port"
    )

    private static let start = Statement(
        name: "identity_start",
        sql: "SELECT \(SQL.time("pg_catalog.pg_postmaster_start_time()", as: "postmaster_start"))"
    )

    /// Asked in every collection.
    package static let role = role("role", loaded: SQL.time("pg_catalog.pg_conf_load_time()", as: "configuration_loaded"))

    /// The same for a server that refuses to tell when it last loaded its configuration.
    package static let reducedRole = role("role_reduced", loaded: "NULL AS configuration_loaded")

    private static func role(_ name: String, loaded: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT pg_catalog.pg_is_in_recovery() AS in_recovery, \(SQL.time("pg_catalog.clock_timestamp()", as: "clock")), \(loaded)
                """
        )
    }

    /// - Parameter outcomes: of ``all``.
    /// - Throws: when the server does not say what it is, or not in a form that is known.
    package static func identity(from outcomes: ArraySlice<StatementOutcome>) throws(PostgresError) -> ServerIdentity {
        guard let first = outcomes.first, outcomes.count == all.count else { throw PostgresError(.protocolViolation, "no outcome of a statement") }
        let rest = outcomes.dropFirst()
        return try decode(
            first,
            system: rowsUnlessRefused(rest[rest.startIndex]),
            address: rowsUnlessRefused(rest[rest.startIndex + 1]),
            start: rowsUnlessRefused(rest[rest.startIndex + 2])
        )
    }

    private static func rowsUnlessRefused(_ outcome: StatementOutcome) throws(PostgresError) -> RowSet? {
        if case .failure(let error) = outcome.result, Refusals.isLasting(error) { return nil }
        return try outcome.result.get()
    }

    private static func decode(_ outcome: StatementOutcome, system: RowSet?, address: RowSet?, start: RowSet?) throws(PostgresError) -> ServerIdentity
    {
        try decode(outcome) { rows throws(DecodeError) in try decodeIdentity(rows, system: system, address: address, start: start) }
    }

    /// - Parameters:
    ///   - settings: the answer that there must be.
    ///   - system, address, start: nil where the server refused to tell.
    /// - Throws: `DecodeError`.
    package static func decodeIdentity(
        _ settings: RowSet,
        system: RowSet? = nil,
        address: RowSet? = nil,
        start: RowSet? = nil
    ) throws(DecodeError) -> ServerIdentity {
        var identity = try settings.single { row throws(DecodeError) in
            ServerIdentity(
                versionNumber: Int(clamping: try row.int64("version_number", in: 90_000...9_999_999)),
                // A packager's addition follows a blank.
                version: String(try row.name("version").prefix { $0 != " " }),
                systemIdentifier: "",
                clusterName: try row.name("cluster_name"),
                address: nil,
                postmasterStart: nil,
                walSegmentBytes: try row.segmentBytes("wal_segment_size")
            )
        }
        if let system {
            identity.systemIdentifier = try system.single { row throws(DecodeError) in try row.systemIdentifier("system_identifier") }
        }
        if let address {
            (identity.address, identity.port) = try address.single { row throws(DecodeError) in
                (try row.optionalName("address"), try row.optionalInt64("port", in: Bounds.port).map { Int(clamping: $0) })
            }
        }
        if let start {
            identity.postmasterStart = try start.single { row throws(DecodeError) in try row.time("postmaster_start") }
        }
        return identity
    }

    /// - Throws: when the server does not say what it is, or not in a form that is known.
    package static func role(from outcome: StatementOutcome) throws(PostgresError) -> RoleAnswer {
        try decode(outcome, decodeRole)
    }

    /// An identity or role that cannot be decoded makes the server unusable, like a failed connection.
    private static func decode<Value>(
        _ outcome: StatementOutcome,
        _ decode: (RowSet) throws(DecodeError) -> Value
    ) throws(PostgresError) -> Value {
        let rows = try outcome.result.get()
        do throws(DecodeError) {
            return try decode(rows)
        } catch {
            throw PostgresError(.protocolViolation, error.description)
        }
    }

    /// - Throws: `DecodeError`.
    package static func decodeRole(_ rows: RowSet) throws(DecodeError) -> RoleAnswer {
        try rows.single { row throws(DecodeError) in
            RoleAnswer(
                role: try row.bool("in_recovery") ? .standby : .primary,
                clock: try row.time("clock"),
                // No time but a mark to compare: where the server does not tell it never changes, and settings are read once a connection.
                configurationLoaded: try row.optionalTime("configuration_loaded") ?? 0
            )
        }
    }

    /// The answer to ``role``.
    package struct RoleAnswer: Sendable, Hashable {
        package var role: ServerRole
        /// The server's clock, Unix time.
        package var clock: Double
        /// When the server last loaded its configuration: settings read before are stale. Always 0 on a server that does not tell.
        package var configurationLoaded: Double
    }
}
