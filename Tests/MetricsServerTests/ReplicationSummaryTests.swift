import ReplicationModel
import Testing

@testable import MetricsServer

struct ReplicationSummaryTests {
    @Test("A standby says whether it really receives", arguments: [(true, "receiving"), (false, "NOT receiving")])
    func standby(isReceiving: Bool, expected: String) {
        var snapshot = snapshot(.standby)
        let session = Receiver.Session(status: .streaming, upstreamEnd: LSN(1), transit: 0.001)
        snapshot.receiver = Receiver(
            session: isReceiving ? session : nil,
            isHidden: false,
            hasConnectionString: true,
            hasSlotName: false,
            hasRestoreCommand: false
        )
        snapshot.recovery = Recovery(
            received: LSN(50_000_000),
            replayed: LSN(16_445_568),
            lastReplayedTransaction: nil,
            pauseState: .paused,
            timeline: nil
        )
        #expect(ReplicationSummary.lines(of: snapshot) == [expected, "32 MB to replay", "replay: paused"])
    }

    @Test("A standby that lives on its archive is neither receiving nor not receiving")
    func archiveOnly() {
        var snapshot = snapshot(.standby)
        snapshot.receiver = Receiver(session: nil, isHidden: false, hasConnectionString: false, hasSlotName: false, hasRestoreCommand: true)
        #expect(ReplicationSummary.lines(of: snapshot) == [])
    }

    @Test("Each standby has a line, with its lag and whether it holds other data")
    func walsenders() {
        var snapshot = snapshot(.primary)
        let current = LSN(100_000)
        snapshot.walsenders = [
            Walsender(applicationName: "near", state: .streaming, current: current, sent: current, replayed: current),
            Walsender(applicationName: "far", state: .catchup, current: current, sent: current, replayed: LSN(99_000)),
            Walsender(applicationName: "other", state: .streaming, current: current, sent: LSN(1), replayed: current),
            Walsender(applicationName: "twin", state: .streaming, current: current, replayed: current),
            Walsender(applicationName: "twin", state: .startup, current: current),
            Walsender(applicationName: "pg_receivewal", state: .streaming, current: current, flushed: LSN(79_520)),
        ]
        let expected = [
            "→ near: streaming", "→ far: catchup, 1000 bytes behind", "→ other: streaming, DIVERGED", "→ twin: startup (2 connections)",
            "→ pg_receivewal: streaming, 20 kB behind",
        ]
        #expect(ReplicationSummary.lines(of: snapshot) == expected)
    }

    @Test("Slots that nobody uses, and lost ones, are told; the others are as they should be")
    func slots() {
        var snapshot = snapshot(.primary)
        let current = LSN(64 << 20)
        snapshot.slots = [
            Slot(name: "gone", type: .physical, walStatus: .lost, restart: LSN(0), current: current),
            Slot(name: "fine", type: .physical, isActive: true, walStatus: .reserved, restart: current, current: current),
            Slot(name: "idle", type: .physical, walStatus: .reserved, restart: LSN(32 << 20), current: current),
            Slot(name: "unused", type: .physical, current: current),
        ]
        #expect(ReplicationSummary.lines(of: snapshot) == ["slot gone: LOST", "slot idle: inactive, keeps 32 MB", "slot unused: inactive"])
    }

    @Test("A long list is cut, and says by how much")
    func longLists() {
        var snapshot = snapshot(.primary)
        snapshot.slots = (1...20).map { Slot(name: "s\($0)", type: .physical, current: LSN(1)) }
        let lines = ReplicationSummary.lines(of: snapshot)
        #expect(lines.count == 9)
        #expect(lines.last == "and 12 more")
    }

    @Test("What fails is told")
    func failures() {
        var snapshot = snapshot(.primary)
        snapshot.archiver = Archiver(archived: 0, failed: 18, lastArchivedFile: nil, lastArchived: nil, lastFailed: 1, lacksCommand: false)
        snapshot.privileges = [PrivilegeCheck(privilege: .readAllStatistics, isGranted: false)]
        snapshot.reports = [CollectorReport(collector: .walDirectory, failure: CollectorFailure(.permission, "denied"), seconds: 0)]
        let expected = ["archiving FAILS", "some values are hidden from this role", "failed collectors: wal_directory"]
        #expect(ReplicationSummary.lines(of: snapshot) == expected)
    }

    private func snapshot(_ role: ServerRole) -> ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "7711412811195800757",
            clusterName: "",
            address: nil,
            postmasterStart: 1_795_453_210,
            walSegmentBytes: 16 << 20
        )
        return ServerSnapshot(identity: identity, role: role)
    }
}
