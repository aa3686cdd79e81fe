import ReplicationModel
import Testing
import WALClock

/// Transactions that a standby lacks are told apart from WAL that it lacks.
struct CommitClockTests {
    private static let identity = ServerIdentity(
        versionNumber: 180006,
        version: "18.6",
        systemIdentifier: "7541",
        clusterName: "",
        address: nil,
        postmasterStart: 1000,
        walSegmentBytes: 16 << 20
    )
    private var history = ServerHistory()

    /// - Returns: the ages of transactions and of WAL that a standby lacks which has replayed so much.
    private mutating func look(_ second: Double, end: Int64, ended: Int64?, replayed: Int64) -> (commits: Double?, wal: Double?) {
        var snapshot = ServerSnapshot(identity: Self.identity, role: .primary)
        snapshot.primaryWAL = PrimaryWAL(inserted: LSN(end), written: LSN(end), flushed: LSN(end), timeline: 1, lastReplayed: nil)
        snapshot.primaryWAL?.endedTransactions = ended
        snapshot.walsenders = [Walsender(applicationName: "s", state: .streaming, current: LSN(end), replayed: LSN(replayed))]
        history.note(&snapshot, at: MonotonicTime(second), wallClock: 5000 + second)
        let behind = history.distance(of: LSN(replayed), readAt: MonotonicTime(second), as: "p")
        #expect(behind?.commitSeconds == snapshot.walsenders?.first?.commitAge)
        return (snapshot.walsenders?.first?.commitAge, snapshot.walsenders?.first?.replayAge)
    }

    @Test("While no transaction ends, none is missing, however much WAL is; one that ends is missing from then on")
    mutating func told() throws {
        _ = look(0, end: 1_000, ended: 7, replayed: 1_000)
        _ = look(1, end: 1_100, ended: 8, replayed: 1_100)
        for second in 2...60 {
            let ages = look(Double(second), end: 1_100 + Int64(second) * 1_000, ended: 8, replayed: 1_100)
            #expect(ages.commits == 0)
            #expect(ages.wal == Double(second - 1))
        }
        let ages = look(61, end: 70_000, ended: 9, replayed: 1_100)
        #expect(try #require(ages.commits) <= 1)
        #expect(try abs(#require(look(71, end: 70_000, ended: 9, replayed: 1_100).commits) - 10) <= 1)
        #expect(look(72, end: 80_000, ended: 9, replayed: 70_000).commits == 0)
    }

    @Test("Samples tell of transactions between two collections")
    mutating func samples() throws {
        _ = look(0, end: 1_000, ended: 7, replayed: 1_000)
        for second in 1...10 {
            var sample = WALSample(end: LSN(Int64(second) * 1_000), walsenders: [])
            (sample.inserted, sample.endedTransactions) = (sample.end, second < 5 ? 7 : 8)
            history.note(sample, at: MonotonicTime(Double(second)))
        }
        let ages = look(11, end: 11_000, ended: 8, replayed: 3_000)
        #expect(try abs(#require(ages.commits) - 6.5) <= 0.6)
        #expect(look(12, end: 11_000, ended: 8, replayed: 5_000).commits == 0)
    }

    @Test("What is older than what was seen, or on a server that does not tell, is not known")
    mutating func unknown() {
        #expect(look(0, end: 1_000, ended: 7, replayed: 500).commits == nil)
        #expect(look(1, end: 1_000, ended: 7, replayed: 1_000).commits == 0)
        history = ServerHistory()
        #expect(look(0, end: 1_000, ended: nil, replayed: 1_000).commits == nil)
    }

    @Test("A page's header, which the primary counts and the standby does not, holds no transaction", arguments: [24, 40])
    mutating func pageHeader(header: Int64) {
        _ = look(0, end: 1_000, ended: 7, replayed: 1_000)
        _ = look(1, end: 8_192 + header, ended: 8, replayed: 1_000)
        #expect(look(2, end: 8_192 + header, ended: 8, replayed: 8_192).commits == 0)
    }
}
