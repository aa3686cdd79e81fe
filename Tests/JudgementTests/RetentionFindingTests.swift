import Judgement
import ReplicationModel
import Testing

struct RetentionFindingTests {
    private static let segment: Int64 = 16 << 20

    /// A server whose pg_wal holds segments 1000 to 2000, with a checkpoint and everything else at the end.
    private func server(_ change: (inout ServerSnapshot) -> Void = { _ in }) -> ServerSnapshot {
        primary(start: 1) { snapshot in
            let end = LSN(2_000 * Self.segment + 100)
            var directory = directory(oldest: 1_000 * Self.segment)
            directory.segments = 1_021
            directory.recycledSegments = 20
            directory.bytes = 1_021 * Self.segment + 340
            directory.end = end
            directory.redo = LSN(2_000 * Self.segment)
            directory.stretches = [
                SegmentStretch(timeline: 1, first: LSN(1_000 * Self.segment), last: LSN(2_000 * Self.segment), segments: 1_001)
            ]
            snapshot.walDirectory = directory
            snapshot.slots = []
            snapshot.settings?.walKeepSizeBytes = 0
            snapshot.settings?.maxWALSizeBytes = 1 << 30
            snapshot.settings?.maxSlotWALKeepSizeBytes = nil
            snapshot.settings?.summarizesWAL = false
            snapshot.settings?.archiveMode = "off"
            change(&snapshot)
        }
    }

    private func held(by name: String, at segment: Int64, active: Bool, temporary: Bool = false) -> Slot {
        var slot = slot(name, active: active)
        slot.restart = LSN(segment * Self.segment + 8)
        slot.isTemporary = temporary
        return slot
    }

    @Test("A slot in use that is far behind: what waits for it, what is freed when it goes, and what keeps WAL then")
    func slotInUse() throws {
        let snapshot = server {
            $0.slots = [held(by: "dc2", at: 1_000, active: true), held(by: "dc3", at: 1_990, active: true)]
            $0.settings?.walKeepSizeBytes = 64 * Self.segment
        }
        let finding = try #require(findings(.walKept, [report("a", snapshot)]).first)
        #expect(finding.slot == "dc2" && finding.severity == .notice)
        #expect(
            finding.summary
                == "pg_wal at a holds 15.9 GiB: 15.6 GiB wait for slot dc2 (in use); when it goes, 14.6 GiB are freed at the next checkpoint; "
                + "then wal_keep_size keeps 1 GiB."
        )
        let retention = try #require(WALRetention(snapshot))
        #expect(retention.releasableBytes == 936 * Self.segment && retention.next.bytes == 65 * Self.segment)
        #expect(retention.walBytes + retention.aheadBytes + retention.unexplainedBytes == retention.directoryBytes)
    }

    @Test("An idle slot is told of once, by its own finding, with what keeps pg_wal")
    func idleSlot() throws {
        let snapshot = server {
            var slot = held(by: "dc2", at: 1_000, active: false)
            slot.current = LSN(2_000 * Self.segment)
            $0.slots = [slot]
        }
        let all = findings(in: view([report("a", snapshot)]))
        #expect(!all.contains { $0.code == .walKept })
        let finding = try #require(all.first { $0.code == .slotInactive })
        #expect(
            finding.value(of: "what keeps pg_wal")?.contains("15.6 GiB are freed at the next checkpoint; then the checkpoint keeps 16 MiB.") == true
        )
    }

    @Test("What is kept is no fault in itself: recycled segments, wal_keep_size, a checkpoint not due, a base backup, a summarizer, a paused standby")
    func healthy() {
        let situations: [ServerSnapshot] = [
            server {
                $0.walDirectory?.recycledSegments = 1_020
                $0.walDirectory?.stretches = [
                    SegmentStretch(timeline: 1, first: LSN(2_000 * Self.segment), last: LSN(2_000 * Self.segment), segments: 1)
                ]
            },
            server { $0.settings?.walKeepSizeBytes = 2_000 * Self.segment },
            server { $0.walDirectory?.redo = LSN(1_900 * Self.segment) },
            server { $0.slots = [held(by: "pg_basebackup_17", at: 1_000, active: true, temporary: true)] },
            server {
                $0.settings?.summarizesWAL = true
                $0.walSummarizer = WALSummarizer(unsummarizedBytes: 0, summarized: LSN(1_950 * Self.segment))
            },
        ]
        for snapshot in situations { #expect(findings(.walKept, [report("a", snapshot)]).isEmpty) }
        var paused = server { $0.walDirectory?.redo = LSN(1_000 * Self.segment) }
        #expect(!findings(.walKept, [report("a", paused)]).isEmpty, "a checkpoint that never ends")
        paused.role = .standby
        #expect(findings(.walKept, [report("a", paused)]).isEmpty)
    }

    @Test("What is not known makes all of it unknown, and no verdict")
    func unknown() {
        let changes: [(inout ServerSnapshot) -> Void] = [
            { $0.walDirectory?.stretches = nil }, { $0.walDirectory?.redo = nil }, { $0.slots = nil }, { $0.settings = nil },
            { $0.settings?.archiveMode = "on" }, { $0.settings?.summarizesWAL = true },
        ]
        #expect(WALRetention(server()) != nil)
        for change in changes { #expect(WALRetention(server(change)) == nil) }
    }

    @Test("A slot past max_slot_wal_keep_size keeps nothing any more; one that the archiver needs stays by itself")
    func limits() throws {
        let doomed = try #require(
            WALRetention(
                server {
                    $0.slots = [held(by: "dead", at: 1_000, active: false)]
                    $0.settings?.maxSlotWALKeepSizeBytes = 100 * Self.segment
                }
            )
        )
        #expect(doomed.doomedSlots == ["dead"] && doomed.removableBytes == 1_000 * Self.segment && doomed.keeper.reason == .checkpoint)
        let archived = try #require(
            WALRetention(
                server {
                    $0.settings?.archiveMode = "on"
                    $0.archiveStatus = ArchiveStatus(
                        ready: 11,
                        oldestReady: 1,
                        readySegments: SegmentStretch(first: LSN(1_500 * Self.segment), last: LSN(1_509 * Self.segment), segments: 10),
                        readAt: 2
                    )
                }
            )
        )
        #expect(archived.keeper.reason == .archiver && archived.releasableBytes == 10 * Self.segment)
        #expect(archived.removableBytes == 990 * Self.segment)
    }
}
