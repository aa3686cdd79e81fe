package import Postgres
package import ReplicationModel

/// Spill files of logical slots on disk (15+).
package enum SlotSpillCollector: Collector {
    package static let name = CollectorName.slotSpill
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 15 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.slotSpill = try rows.map { row throws(DecodeError) in
            SlotSpill(name: try row.name("slot_name"), bytes: try row.count("bytes"))
        }
    }

    private static let statement = Statement(
        name: "slot_spill",
        sql: """
            SELECT s.slot_name, coalesce(pg_catalog.sum(f.size) FILTER (WHERE f.name LIKE '%.spill'), 0)::pg_catalog.int8 AS bytes \
            FROM pg_catalog.pg_replication_slots s CROSS JOIN LATERAL pg_catalog.pg_ls_replslotdir(s.slot_name) f WHERE s.slot_type = 'logical' GROUP BY 1
            """
    )
}
