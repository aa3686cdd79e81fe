package import Postgres
package import ReplicationModel

/// When the segments in pg_wal were finished: asked once per server, so that the WAL clock knows the past from the start.
package enum SegmentQuery {
    /// More would not make the clock any better: its steps grow with age.
    private static let limit = 600

    /// - Returns: one row for each of at most some hundred finished segments, the oldest first.
    package static func statement(for server: ServerTraits) -> Statement {
        let segment = server.walSegmentBytes
        let perLog = WALSegmentSize.segmentsPerLog(of: segment)
        return Statement(
            name: "segments_\(segment)",
            sql: """
                WITH cur AS MATERIALIZED (SELECT (pg_catalog.pg_wal_lsn_diff(\(SQL.current), '0/0')::pg_catalog.int8 / \(segment)) AS number), \
                edge AS MATERIALIZED (SELECT pg_catalog.upper(pg_catalog.lpad(pg_catalog.to_hex(number / \(perLog)), 8, '0') || pg_catalog.lpad(pg_catalog.to_hex(number % \(perLog)), 8, '0')) \
                COLLATE pg_catalog."C" AS name FROM cur), \
                segments AS (SELECT pg_catalog.substr(name, 9) COLLATE pg_catalog."C" AS position, pg_catalog.max(modification) AS modification FROM pg_catalog.pg_ls_waldir() \
                WHERE pg_catalog.length(name) = 24 AND pg_catalog.translate(name, '0123456789ABCDEF', '') = '' GROUP BY 1), \
                numbered AS (SELECT s.position, s.modification, pg_catalog.row_number() OVER (ORDER BY s.position) AS n, pg_catalog.count(*) OVER () AS total \
                FROM segments s, edge e WHERE s.position < e.name) \
                SELECT position, \(SQL.time("pg_catalog.clock_timestamp() - modification", as: "age")) FROM numbered \
                WHERE n = total OR n % greatest(1, total / \(limit)) = 0 ORDER BY position
                """
        )
    }

    /// The ends of the segments and how many seconds ago each was last written.
    /// - Throws: `DecodeError`.
    package static func decode(_ rows: RowSet, from server: ServerTraits) throws(DecodeError) -> [(position: LSN, age: Double)] {
        try rows.map { row throws(DecodeError) -> (position: LSN, age: Double)? in
            let start = try row.optionalSegment("position", segmentBytes: server.walSegmentBytes)
            let age = try row.seconds("age")
            return start.map { ($0.advanced(by: server.walSegmentBytes), age) }
        }.compactMap(\.self)
    }
}
