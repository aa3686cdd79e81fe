package import Postgres
package import ReplicationModel

/// What must be known before anything else makes sense: a server whose identity or role cannot be read is down.
package enum IdentityQueries {
    /// Asked once per connection: none of it changes while the postmaster lives.
    package static let identity = Statement(
        name: "identity",
        sql: """
            SELECT current_setting('server_version_num')::int8 AS version_number, \
            split_part(current_setting('server_version'), ' ', 1) AS version, \
            (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier, \
            current_setting('cluster_name') AS cluster_name, \
            host(inet_server_addr()) AS address, inet_server_port()::int8 AS port, \
            \(SQL.time("pg_postmaster_start_time()", as: "postmaster_start")), \
            (SELECT bytes_per_wal_segment::int8 FROM pg_control_init()) AS wal_segment_bytes
            """
    )

    /// Asked in every collection.
    package static let role = Statement(
        name: "role",
        sql: """
            SELECT pg_is_in_recovery() AS in_recovery, \
            \(SQL.time("clock_timestamp()", as: "clock")), \
            \(SQL.time("pg_conf_load_time()", as: "configuration_loaded"))
            """
    )

    /// - Throws: `DecodeError`.
    package static func decodeIdentity(_ rows: RowSet) throws(DecodeError) -> ServerIdentity {
        try rows.single { row throws(DecodeError) in
            ServerIdentity(
                versionNumber: Int(clamping: try row.int64("version_number", in: 90_000...9_999_999)),
                version: try row.name("version"),
                systemIdentifier: try row.systemIdentifier("system_identifier"),
                clusterName: try row.name("cluster_name"),
                address: try row.optionalName("address"),
                port: try row.optionalInt64("port", in: Bounds.port).map { Int(clamping: $0) },
                postmasterStart: try row.time("postmaster_start"),
                walSegmentBytes: try row.segmentBytes("wal_segment_bytes")
            )
        }
    }

    /// - Throws: `DecodeError`.
    package static func decodeRole(_ rows: RowSet) throws(DecodeError) -> RoleAnswer {
        try rows.single { row throws(DecodeError) in
            RoleAnswer(
                role: try row.bool("in_recovery") ? .standby : .primary,
                clock: try row.time("clock"),
                configurationLoaded: try row.time("configuration_loaded")
            )
        }
    }

    /// The answer to ``role``.
    package struct RoleAnswer: Sendable, Hashable {
        package var role: ServerRole
        /// The server's clock, Unix time.
        package var clock: Double
        /// When the server last loaded its configuration: settings read before are stale.
        package var configurationLoaded: Double
    }
}
