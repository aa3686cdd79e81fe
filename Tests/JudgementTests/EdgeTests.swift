import Judgement
import ReplicationModel
import Testing

/// No number that a server may say undoes a verdict or a text.
struct EdgeTests {
    @Test("Times at the edge of all numbers are unknown", arguments: [-0x1p63, 0x1p63, .nan, .infinity, -.infinity, 1e308])
    func humanTime(seconds: Double) {
        #expect(HumanText.time(seconds) == "unknown")
    }

    @Test("Timelines and segments at the edge of all numbers undo no verdict", arguments: [0, 16 << 20, .max] as [Int64])
    func failback(segmentBytes: Int64) {
        func server(timeline: Int64, at position: Int64, fork: Int64?) -> ServerSnapshot {
            let identity = ServerIdentity(
                versionNumber: 180_006,
                version: "18.6",
                systemIdentifier: "1",
                clusterName: "",
                address: nil,
                postmasterStart: 0,
                walSegmentBytes: segmentBytes
            )
            var snapshot = ServerSnapshot(identity: identity, role: .primary)
            let end = LSN(position)
            snapshot.primaryWAL = PrimaryWAL(inserted: end, written: end, flushed: end, timeline: timeline, lastReplayed: fork.map(LSN.init))
            snapshot.walDirectory = WALDirectory(
                bytes: .max,
                segments: .max,
                recycledSegments: .max,
                oldestKept: LSN(0),
                oldestKeptModified: nil,
                historyFileModified: 1,
                historyFileTimeline: timeline,
                readAt: 2
            )
            snapshot.settings = Settings()
            snapshot.settings?.walKeepSizeBytes = .max
            return snapshot
        }
        for (old, new) in [(Int64.max - 1, Int64.max), (Int64.max, Int64.max), (Int64.min, Int64.max)] {
            for position in [0, Int64.max] {
                let verdict = FailbackVerdict(
                    former: server(timeline: old, at: position, fork: nil),
                    survivor: server(timeline: new, at: .max, fork: 1),
                    isPast: false
                )
                #expect(!verdict.reason.isEmpty)
            }
        }
    }
}
