import Exposition
import MetricCatalog
import ReplicationModel
import Testing

/// Prometheus rejects a page that holds one series twice: whatever servers say, no page does.
struct DuplicateTests {
    @Test("Two walsenders of one name and address are one series, told with how many they are")
    func walsenders() throws {
        var snapshot = ServerSnapshot.primary18
        let current = LSN(1_000)
        snapshot.walsenders = [990, 400].map {
            Walsender(applicationName: "walreceiver", clientAddress: "10.77.1.12", state: .streaming, current: current, replayed: LSN($0))
        }
        try expectNoDuplicates([report(snapshot)])
        #expect(Array(series("walsender_connections", snapshot).values) == ["2"])
        #expect(Array(series("walsender_replay_lag_bytes", snapshot).values) == ["600"])
    }

    @Test("Two base backups at once start no series of their own: neither their walsenders nor their slots")
    func baseBackups() throws {
        var snapshot = ServerSnapshot.primary18
        snapshot.baseBackups = (1...2).map {
            BaseBackup(applicationName: "pg_basebackup", clientAddress: nil, phase: .streamingFiles, streamedBytes: $0, totalBytes: 10)
        }
        snapshot.walsenders = (1...2).map {
            Walsender(
                applicationName: "pg_basebackup",
                slotName: "pg_basebackup_\($0)",
                slotIsTemporary: true,
                state: .streaming,
                current: LSN(1)
            )
        }
        snapshot.slots = (1...2).map {
            Slot(name: "pg_basebackup_\($0)", type: .physical, isTemporary: true, walStatus: .reserved, restart: LSN($0), current: LSN(10))
        }
        try expectNoDuplicates([report(snapshot)])
        #expect(series("slot_retained_bytes", snapshot) == ["slot_name=\"pg_basebackup\",slot_type=\"physical\"": "9"])
        #expect(series("basebackup_streamed_bytes", snapshot).values.sorted() == ["3"])
        #expect(series([report(snapshot)]).keys.allSatisfy { !$0.contains("pg_basebackup_") })
    }

    @Test("Targets whose servers have the same slots and standbys stay apart by their names")
    func sameNames() throws {
        let reports = ["a", "b", "c"].map { report(.primary18, name: $0) } + [report(.standby18, name: "d")]
        try expectNoDuplicates(reports)
        #expect(series(reports).keys.count { $0.hasPrefix("pgwal_slot_active{") && $0.contains("slot_name=\"s1\"") } == 3)
    }

    @Test("The whole examples have none", arguments: [ServerSnapshot.primary18, .standby18])
    func examples(snapshot: ServerSnapshot) throws {
        try expectNoDuplicates([report(snapshot)])
    }

    @Test("Names that differ only in what a label must escape stay different series")
    func hostileNames() throws {
        var snapshot = ServerSnapshot.primary18
        snapshot.walsenders = ["a\"b", "a\\\"b", "a\nb", "a\\nb", "", "{}", "é", "e"].map {
            Walsender(applicationName: $0, state: .streaming, current: LSN(1))
        }
        try expectNoDuplicates([report(snapshot)])
        let connections = lines([report(snapshot)]).filter { $0.hasPrefix("pgwal_walsender_connections{") }
        #expect(connections.count == 8)
        #expect(connections.allSatisfy { $0.hasSuffix(" 1") })
    }

    private func expectNoDuplicates(_ reports: [TargetReport], sourceLocation: SourceLocation = #_sourceLocation) throws {
        for family in Catalog.families(of: reports, exporter: nil) {
            #expect(family.duplicates == [], "\(family.descriptor.name)", sourceLocation: sourceLocation)
        }
    }
}
