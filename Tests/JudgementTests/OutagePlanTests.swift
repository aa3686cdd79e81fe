import ReplicationModel
import Testing

@testable import Judgement

@Suite struct OutagePlanTests {
    private static let mebibyte: Int64 = 1 << 20

    private func plan(
        _ change: (inout ServerSnapshot) -> Void,
        outage: Double = 3600,
        rates: [WALRate] = [WALRate(bytesPerSecond: 1_048_576, source: .twoLooks(seconds: 10))],
        given: Double? = nil,
        disk: Int64? = nil
    ) throws -> OutagePlan {
        let snapshot = primary(start: 1) { snapshot in
            snapshot.walDirectory?.recycledSegments = 0
            snapshot.walFilesystem = nil
            snapshot.settings?.maxSlotWALKeepSizeBytes = nil
            snapshot.settings?.idleReplicationSlotTimeoutSeconds = nil
            change(&snapshot)
        }
        let view = FleetView(reports: [report("a", snapshot)], clusters: [], now: 1_000_000)
        let server = try #require(view.server(ofTarget: "a"))
        return OutagePlan(server, outage: outage, observed: rates, given: given, disk: disk, now: 1_000_000)
    }

    private func slot(_ name: String, retains bytes: Int64, isActive: Bool = false, inactiveSince: Double? = nil) -> Slot {
        Slot(
            name: name,
            type: .physical,
            isActive: isActive,
            walStatus: .reserved,
            restart: LSN(0x4000_0000 - bytes),
            inactiveSince: inactiveSince,
            current: LSN(0x4000_0000)
        )
    }

    @Test("The highest rate counts, one that is given counts alone; a fifth is added")
    func rates() throws {
        let rates = [WALRate(bytesPerSecond: 100, source: .keptWAL(seconds: 600)), WALRate(bytesPerSecond: 200, source: .twoLooks(seconds: 10))]
        let observed = try plan({ _ in }, rates: rates)
        #expect(observed.neededBytes == 720_000)
        #expect(observed.slotLimitNeeded == 864_000)
        #expect(try plan({ _ in }, rates: rates, given: 50).neededBytes == 180_000)
    }

    @Test("Without a rate nothing that follows from it is known")
    func noRate() throws {
        let plan = try plan(
            {
                $0.slots = [slot("s", retains: 5)]; $0.settings?.maxSlotWALKeepSizeBytes = 100
            },
            rates: []
        )
        #expect(plan.neededBytes == nil)
        #expect(plan.slotLimitNeeded == nil)
        #expect(plan.keepSeconds == nil)
        #expect(plan.slots.map(\.first) == [nil])
    }

    @Test("Each of the limits may be the first to end")
    func limits() throws {
        let plan = try plan(
            { snapshot in
                snapshot.settings?.maxSlotWALKeepSizeBytes = 100 * Self.mebibyte
                snapshot.settings?.idleReplicationSlotTimeoutSeconds = 60
                snapshot.slots = [
                    slot("full", retains: 90 * Self.mebibyte, isActive: true), slot("idle", retains: 0, inactiveSince: 999_950),
                    slot("fresh", retains: 0, isActive: true),
                ]
            },
            // Of which pg_wal holds 64 MiB.
            disk: (40 + 64) * Self.mebibyte
        )
        #expect(plan.slots.map(\.first?.cause) == [.slotLimit, .idleTimeout, .disk])
        #expect(plan.slots.map(\.first?.seconds) == [10, 10, 40])
        #expect(plan.endangered.count == 3)
        #expect(plan.diskSeconds == 40)
    }

    @Test("What the server says is left goes before what is computed")
    func safeSize() throws {
        let plan = try plan { snapshot in
            snapshot.settings?.maxSlotWALKeepSizeBytes = 100 * Self.mebibyte
            var one = slot("s", retains: 10 * Self.mebibyte)
            one.safeWALBytes = 84 * Self.mebibyte
            snapshot.slots = [one]
        }
        #expect(plan.slots.first?.first?.seconds == 84)
    }

    @Test("Slots that are lost, temporary or copies are no part of it")
    func others() throws {
        let plan = try plan { snapshot in
            var (lost, temporary, copy) = (slot("l", retains: 1), slot("t", retains: 1), slot("c", retains: 1))
            lost.walStatus = .lost
            temporary.isTemporary = true
            copy.isSynced = true
            snapshot.slots = [lost, temporary, copy]
        }
        #expect(plan.slots.isEmpty)
    }

    @Test("The rate by pg_wal: from the end of the oldest segment on, when that was written last")
    func kept() throws {
        var snapshot = primary(start: 1)
        snapshot.walDirectory?.oldestKept = LSN(0x100_0000)
        snapshot.walDirectory?.end = LSN(0x500_0000)
        snapshot.walDirectory?.readAt = 10_000
        snapshot.walDirectory?.oldestKeptModified = 9_900
        snapshot.identity.walSegmentBytes = 0x100_0000
        #expect(WALRate.kept(snapshot) == WALRate(bytesPerSecond: Double(0x300_0000) / 100, source: .keptWAL(seconds: 100)))
        snapshot.walDirectory?.oldestKeptModified = 9_990
        #expect(WALRate.kept(snapshot) == nil, "of ten seconds no average is told")
        snapshot.walDirectory?.oldestKeptModified = nil
        #expect(WALRate.kept(snapshot) == nil)
    }

    @Test("Two looks at different servers are no rate")
    func twoLooks() {
        let (one, other) = (primary(start: 1), primary(start: 1, at: 0x500_0000 + 1000))
        #expect(WALRate.between(one, other, seconds: 10)?.bytesPerSecond == 100)
        #expect(WALRate.between(other, one, seconds: 10) == nil)
        #expect(WALRate.between(one, primary(start: 1, at: 0x600_0000, system: "7574000000000000002"), seconds: 10) == nil)
    }
}
