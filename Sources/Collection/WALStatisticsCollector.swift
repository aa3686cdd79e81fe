package import Postgres
package import ReplicationModel

/// Cumulative WAL generation and I/O (14+). A standby generates nothing; from 18 on its I/O is told by pg_stat_io.
package enum WALStatisticsCollector: Collector {
    package static let name = CollectorName.walStatistics

    package static func statement(for server: ServerTraits) -> Statement? {
        switch (server.major, server.role) {
        case (...13, _): nil
        case (14...17, .primary): from14
        case (14...17, .standby): nil
        case (18, _): from18
        default: from19
        }
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.walStatistics = try rows.single { row throws(DecodeError) in
            var generation = WALStatistics.Generation(
                records: try row.count("records"),
                fullPageImages: try row.count("full_page_images"),
                bytes: try row.sum("bytes"),
                buffersFull: try row.count("buffers_full")
            )
            if server.major >= 19 { generation.fullPageImageBytes = try row.sum("full_page_image_bytes") }
            let io = WALStatistics.IO(
                writes: try row.count("writes"),
                syncs: try row.count("syncs"),
                writeSeconds: try row.optionalSum("write_seconds"),
                syncSeconds: try row.optionalSum("sync_seconds")
            )
            let writers = server.major >= 18 ? try writers(&row) : []
            return WALStatistics(generation: server.role == .primary ? generation : nil, io: io, writers: writers)
        }
    }

    /// `client backend:8192,walwriter:16384`: in one column, so that the rest need not be said for each.
    private static func writers(_ row: inout Row) throws(DecodeError) -> [WALStatistics.Writer] {
        guard let text = try row.optionalText("writers") else { return [] }
        var writers: [WALStatistics.Writer] = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: ":")
            guard words.count == 2, let bytes = Double(words[1]), bytes.isFinite, bytes > 0 else {
                throw row.refusal(of: "writers", expected: "types of processes and bytes", found: text)
            }
            writers.append(.init(backendType: String(words[0]), bytes: bytes))
        }
        return writers
    }

    private static let generation = """
        w.wal_records AS records, w.wal_fpi AS full_page_images, w.wal_bytes::pg_catalog.float8 AS bytes, w.wal_buffers_full AS buffers_full
        """

    /// Without track_wal_io_timing the times are 0, which would be a lie.
    private static func timed(_ milliseconds: String, as name: String) -> String {
        "CASE WHEN pg_catalog.current_setting('track_wal_io_timing') = 'on' THEN (\(milliseconds))::pg_catalog.float8 / 1000 END AS \(name)"
    }

    private static let from14 = Statement(
        name: "wal_stats_14",
        sql: """
            SELECT \(generation), w.wal_write AS writes, w.wal_sync AS syncs, \(timed("w.wal_write_time", as: "write_seconds")), \
            \(timed("w.wal_sync_time", as: "sync_seconds")) FROM pg_catalog.pg_stat_wal w
            """
    )

    /// The context `init` is the creation of segments, not the writing of WAL.
    private static let from18 = statement("wal_stats_18", generation)
    private static let from19 = statement("wal_stats_19", generation + ", w.wal_fpi_bytes::pg_catalog.float8 AS full_page_image_bytes")

    private static func statement(_ name: String, _ generation: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT \(generation), i.writes, i.syncs, \(timed("i.write_time", as: "write_seconds")), \
                \(timed("i.fsync_time", as: "sync_seconds")), i.writers FROM pg_catalog.pg_stat_wal w, \
                (SELECT pg_catalog.sum(writes)::pg_catalog.int8 AS writes, pg_catalog.sum(fsyncs)::pg_catalog.int8 AS syncs, pg_catalog.sum(write_time) AS write_time, pg_catalog.sum(fsync_time) AS fsync_time, \
                pg_catalog.string_agg(backend_type || ':' || write_bytes::pg_catalog.text, ',' ORDER BY backend_type) FILTER (WHERE write_bytes > 0) AS writers \
                FROM pg_catalog.pg_stat_io WHERE object = 'wal' AND context = 'normal') i
                """
        )
    }
}
