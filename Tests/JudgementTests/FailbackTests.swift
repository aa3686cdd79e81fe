import Judgement
import ReplicationModel
import Testing

/// Failovers from site 1 (`dc1-pg1`) to site 2 (`dc2-pg1`), as they were run for real.
struct FailbackTests {
    /// A run: what was known before site 1 was started again, and what it took then.
    struct Run: CustomTestStringConvertible, Sendable {
        var name: String
        /// Timeline of site 1's former primary; site 2 is on timeline 2.
        var timeline: Int64 = 1
        /// WAL beyond the fork.
        var beyond: Int64 = 0
        /// Where site 1's last checkpoint began, from the fork.
        var redo: Int64 = -0x104_96C0
        var hints = true
        var keep: Int64 = 128 << 20
        var slotLimit: Int64?
        /// Where site 2's oldest WAL begins.
        var oldest: Int64 = 0x300_0000
        var isStandby = false
        var way: FailbackVerdict.Way

        var testDescription: String { name }
    }

    private static let fork: Int64 = 0x404_96C0

    private static let runs = [
        Run(name: "A: clean stop", way: .follow),
        Run(name: "B, Bn: clean stop, came back as a primary", timeline: 2, beyond: 0x3000, way: .baseBackup),
        Run(name: "C: crash with 32 MiB beyond the fork", beyond: 32 << 20, way: .rewind),
        Run(name: "C16: as C, wal_keep_size 16MB", beyond: 32 << 20, keep: 16 << 20, way: .baseBackup),
        Run(name: "C16: the old replica", beyond: 32 << 20, keep: 16 << 20, isStandby: true, way: .rewind),
        Run(name: "D: as C, neither hints nor checksums", beyond: 32 << 20, hints: false, way: .baseBackup),
        Run(name: "E: crash with 480 MiB beyond the fork", beyond: 480 << 20, redo: 64 << 20, slotLimit: 64 << 20, way: .baseBackup),
        Run(name: "F: clean, site 2 wrote 480 MiB, no slot there", oldest: 0x1E00_0000, way: .baseBackup),
        Run(name: "F2: as F, with a slot", oldest: 0x400_0000, way: .follow),
        Run(name: "the very segment that it lacks is the oldest", oldest: fork, way: .follow),
        Run(name: "I: isolated, 32 MiB written", beyond: 32 << 20, way: .rewind),
    ]

    @Test("The verdict is what it really took", arguments: runs)
    func verdict(run: Run) {
        let verdict = FailbackVerdict(former: former(run), survivor: survivor(run), isPast: true)
        #expect(verdict.way == run.way, "\(verdict.reason)")
    }

    @Test("What has to be known: the fork, the positions, the timelines")
    func undecided() {
        let run = Run(name: "", beyond: 32 << 20, way: .rewind)
        func way(_ change: (inout ServerSnapshot, inout ServerSnapshot) -> Void) -> FailbackVerdict.Way {
            var (former, survivor) = (former(run), survivor(run))
            change(&former, &survivor)
            return FailbackVerdict(former: former, survivor: survivor, isPast: true).way
        }
        let withoutFork = way { $1.primaryWAL?.lastReplayed = nil }
        #expect(withoutFork == .undecided)
        let withoutDirectory = way { $1.walDirectory = nil }
        #expect(withoutDirectory == .undecided)
        // Restarted after a crash since: what was replayed then is no fork.
        let restarted = way { $1.identity.postmasterStart = 5_000 }
        #expect(restarted == .undecided)
        let withoutPosition = way { former, _ in former.primaryWAL = nil }
        #expect(withoutPosition == .undecided)
        let later = way { former, _ in former.primaryWAL?.timeline = 3 }
        #expect(later == .undecided)
    }

    @Test("Of several forks only the last is known: what is beyond it is beyond all, what is before it may be either")
    func severalForks() {
        func way(beyond: Int64) -> FailbackVerdict.Way {
            let run = Run(name: "", beyond: beyond, way: .rewind)
            let survivor = primary(start: 2, timeline: 3, at: 0x2000_0000, fork: Self.fork) { $0.walDirectory = promoted(3, oldest: 0x300_0000) }
            return FailbackVerdict(former: former(run), survivor: survivor, isPast: true).way
        }
        #expect(way(beyond: 32 << 20) == .rewind)
        #expect(way(beyond: 0) == .undecided)
    }

    @Test("A directory that was read before the promotion, in the same life of the server, does not hide the fork")
    func directoryBeforePromotion() {
        let run = Run(name: "", way: .follow)
        var survivor = survivor(run)
        survivor.walDirectory = directory(oldest: 0x300_0000, readAt: 1_000)
        #expect(survivor.fork == LSN(Self.fork))
        survivor.walDirectory?.readAt = 1
        #expect(survivor.fork == nil)
    }

    @Test("An archive replaces WAL that is gone, wherever it is gone")
    func archive() {
        for name in ["C16: as C, wal_keep_size 16MB", "F: clean, site 2 wrote 480 MiB, no slot there"] {
            let run = Self.runs.first { $0.name == name }!
            var former = former(run)
            former.settings?.hasRestoreCommand = true
            #expect(FailbackVerdict(former: former, survivor: survivor(run), isPast: true).way != .baseBackup, "\(name)")
        }
    }

    @Test("A receiver that has no archive is none, and one that has is")
    func receiverArchive() {
        var former = former(Self.runs[4])
        former.settings?.walKeepSizeBytes = 0
        former.checkpoints?.redo = LSN(0x500_0000)
        #expect(FailbackVerdict(former: former, survivor: survivor(Self.runs[4]), isPast: true).way == .baseBackup)
        former.receiver?.hasRestoreCommand = true
        #expect(FailbackVerdict(former: former, survivor: survivor(Self.runs[4]), isPast: true).way == .rewind)
    }

    @Test("A slot that begins before the checkpoint keeps what wal_keep_size does not, unless it was limited to less")
    func slotThatKeeps() {
        let run = Self.runs[3]
        var former = former(run)
        former.slots = [slot("x", restart: 0x200_0000)]
        #expect(FailbackVerdict(former: former, survivor: survivor(run), isPast: true).way == .rewind)
        former.settings?.maxSlotWALKeepSizeBytes = 16 << 20
        #expect(FailbackVerdict(former: former, survivor: survivor(run), isPast: true).way == .baseBackup)
        former.settings?.maxSlotWALKeepSizeBytes = nil
        // As a rule it begins at the fork.
        former.slots = [slot("x", restart: Self.fork)]
        #expect(FailbackVerdict(former: former, survivor: survivor(run), isPast: true).way == .baseBackup)
    }

    @Test("WAL that pg_rewind needs has to be there now, on both sides, and the source needs full_page_writes")
    func neededNow() {
        let run = Self.runs[2]
        var gone = former(run)
        gone.walDirectory = directory(oldest: 0x400_0000)
        #expect(FailbackVerdict(former: gone, survivor: survivor(run), isPast: true).way == .baseBackup)
        var source = survivor(run)
        source.walDirectory?.oldestKept = LSN(0x400_0000)
        #expect(FailbackVerdict(former: former(run), survivor: source, isPast: true).way == .baseBackup)
        source = survivor(run)
        source.settings?.fullPageWrites = false
        #expect(FailbackVerdict(former: former(run), survivor: source, isPast: true).way == .baseBackup)
    }

    @Test("What is not known is a doubt, and so is the past")
    func doubts() {
        let run = Self.runs[2]
        #expect(FailbackVerdict(former: former(run), survivor: survivor(run), isPast: false).doubts.isEmpty)
        #expect(FailbackVerdict(former: former(run), survivor: survivor(run), isPast: true).doubts.count == 1)
        var unknown = former(run)
        unknown.settings = nil
        unknown.checkpoints = nil
        let verdict = FailbackVerdict(former: unknown, survivor: survivor(run), isPast: false)
        #expect(verdict.way == .rewind)
        #expect(verdict.doubts.count == 3)
    }

    // MARK: the findings

    @Test("A former primary that is down is told of, with the verdict and the steps")
    func down() throws {
        let found = findings(.failback, [downReport("dc1-pg1", lastSeen: former(Self.runs[2]), at: [address("10.77.1.11")]), survivorReport()])
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect(finding.severity == .warning)
        #expect(finding.target == "dc1-pg1")
        #expect(finding.upstream == "dc2-pg1")
        #expect(finding.summary.contains("needs pg_rewind"))
        #expect(finding.value(of: "fork") == "0/40496C0")
        #expect(finding.value(of: "its end of WAL") == "0/60496C0")
        #expect(
            finding.cures(.command) == [
                "pg_rewind --target-pgdata=\"$PGDATA\" --source-server='host=10.77.2.11 port=5432 dbname=postgres' --write-recovery-conf --progress",
                "touch \"$PGDATA\"/standby.signal",
            ]
        )
        #expect(finding.cures(.setting) == ["primary_conninfo = 'host=10.77.2.11 port=5432'", "primary_slot_name = 'dc1_pg1'"])
        #expect(finding.cures(.sql) == ["SELECT pg_create_physical_replication_slot('dc1_pg1', true);"])
    }

    @Test("While both are up it is not decided whose data live: no way back, but what it would take is told with the two primaries")
    func up() throws {
        let reports = [report("dc1-pg1", former(Self.runs[10])), survivorReport()]
        #expect(findings(.failback, reports).isEmpty)
        let finding = try #require(findings(reports).first)
        #expect(finding.code == .twoPrimaries)
        #expect(finding.value(of: "if dc1-pg1 gives way to dc2-pg1")?.hasPrefix("pg_rewind: it wrote 32 MiB beyond the fork") == true)
    }

    @Test("Its directory is quoted, and what checks stands before what destroys")
    func quotedDirectory() throws {
        var former = former(Self.runs[10])
        former.settings?.dataDirectory = "/srv/it's data"
        let finding = try #require(findings(.failback, [downReport("dc1-pg1", lastSeen: former), survivorReport()]).first)
        #expect(finding.confidence == .proven)
        let words = "--target-pgdata='/srv/it'\\''s data' --source-server='host=10.77.2.11 port=5432 dbname=postgres'"
        #expect(finding.checks == ["pg_rewind \(words) --dry-run"])
        #expect(finding.cures(.command).first == "pg_rewind \(words) --write-recovery-conf --progress")
        #expect(finding.cures.filter { $0.kind == .sql }.map(\.target) == ["dc2-pg1"])
        #expect(finding.cures.filter { $0.kind == .command }.allSatisfy { $0.target == "dc1-pg1" })
    }

    @Test("That it wrote nothing more is only suspected of one that is down")
    func suspected() throws {
        let finding = try #require(findings(.failback, [downReport("dc1-pg1", lastSeen: former(Self.runs[0])), survivorReport()]).first)
        #expect(finding.confidence == .suspected)
    }

    @Test("Two on one timeline: a base backup")
    func baseBackup() throws {
        // It came back, and promoted itself after the other one had been.
        var former = former(Self.runs[1])
        former.walDirectory?.historyFileTimeline = 2
        former.walDirectory?.historyFileModified = 1_795_453_999
        let reports = [downReport("dc1-pg1", lastSeen: former), survivorReport()]
        #expect(findings(.failback, reports).isEmpty)
        let finding = try #require(findings(.failbackNeedsBaseBackup, reports).first)
        #expect(finding.confidence == .proven)
        #expect(finding.cures(.command).contains { $0.contains(" --slot=dc1_pg1 ") })
        #expect(finding.severity == .critical)
        #expect(finding.target == "dc1-pg1")
        #expect(finding.cures(.command).contains { $0.hasPrefix("pg_basebackup ") })
        #expect(!finding.cures(.command).contains { $0.hasPrefix("pg_rewind ") })
    }

    @Test("One data directory that moved to another host is no former primary; two promotions, or a split that was seen, are")
    func sameTimelineDown() {
        var former = former(Self.runs[1])
        let survivor = survivor(Self.runs[1])
        former.walDirectory = survivor.walDirectory
        func found(_ former: ServerSnapshot, splits: [SplitBrain] = []) -> Int {
            findings(.failbackNeedsBaseBackup, [downReport("dc1-pg1", lastSeen: former), report("dc2-pg1", survivor)], splits: splits).count
        }
        #expect(found(former) == 0)
        former.walDirectory = nil
        #expect(found(former) == 0)
        former.walDirectory = directory(oldest: 0, history: 2, modified: 90)
        #expect(found(former) == 1)
        former.walDirectory = nil
        var memory = FleetMemory()
        for time in [100.0, 120] {
            memory.note(report("dc1-pg1", former), at: time)
            memory.note(report("dc2-pg1", survivor), at: time + 1)
        }
        #expect(found(former, splits: memory.splits) == 1)
    }

    @Test("A standby that was promoted to the primary's timeline by itself, before it, and does not stream: suspected, by the history file")
    func otherPromotion() throws {
        // Written 30 s before the primary's own, by the exporter's clock: the standby's is 100 s ahead.
        let survivor = report("b", primary(start: 2, timeline: 2, at: 0x700_0000, fork: 0x600_0060) { $0.walDirectory?.historyFileModified = 1_000 })
        func found(written: Double, isUp: Bool = false, timeline: Int64 = 2) -> [Finding] {
            let other = standby(start: 3, timeline: timeline, at: 0x600_0458, from: upstream("10.77.1.12", slot: "c"), isUp: isUp) {
                $0.checkpoints?.timeline = timeline
                $0.clockOffset = 100
                $0.walDirectory?.historyFileTimeline = timeline
                $0.walDirectory?.historyFileModified = written + 100
            }
            return findings([survivor, report("c", other)])
        }
        let all = found(written: 970)
        let finding = try #require(all.first { $0.code == .failbackNeedsBaseBackup })
        #expect(finding.confidence == .suspected && finding.severity == .critical)
        #expect(finding.summary.hasPrefix("Standby c seems to have data that primary b never had, and needs a base backup"))
        #expect(finding.cures.allSatisfy { $0.effect != .destructive })
        let notStreaming = try #require(all.first { $0.code == .standbyNotStreaming })
        #expect(!notStreaming.cures.contains { $0.text.contains("pg_replication_slots") })
        // Fetched from the primary, or of nearly the same moment; of one that streams; on another timeline.
        for written in [1_200.0, 996] { #expect(!found(written: written).contains { $0.code == .failbackNeedsBaseBackup }) }
        #expect(!found(written: 970, isUp: true).contains { $0.code == .failbackNeedsBaseBackup })
        #expect(!found(written: 970, timeline: 1).contains { $0.code == .failbackNeedsBaseBackup })
    }

    @Test("A standby that archived WAL of the primary's timeline, as a primary, while that one is in the life in which it was promoted to it: proven")
    func unseenSplit() throws {
        func found(
            _ archived: String? = "000000010000000000000006.partial",
            timeline: Int64 = 2,
            written: Int64 = 2,
            promoted: Double = 1_000,
            isUp: Bool = true
        ) -> [Finding] {
            let survivor = primary(start: 2, timeline: written, at: 0x700_0000, fork: 0x600_0060) { $0.walDirectory?.historyFileModified = promoted }
            let other = standby(start: 3, timeline: timeline, at: 0x600_0458, from: upstream("10.77.1.12", slot: "c"), isUp: isUp) {
                $0.checkpoints?.timeline = timeline
                $0.lastArchivedAsPrimary = archived
            }
            return findings([report("b", survivor), report("c", other)]).filter { $0.code == .failbackNeedsBaseBackup }
        }
        for isUp in [true, false] {
            let finding = try #require(found(isUp: isUp).first)
            #expect(finding.confidence == .proven && finding.severity == .critical && finding.target == "c")
            #expect(finding.summary.hasPrefix("Standby c has data that primary b never had, and needs a base backup to follow primary b"))
        }
        #expect(found("00000002.history").count == 1)
        #expect(found("000000020000000000000007").count == 1)
        // No statistics; of a timeline before, as after a switchover; the primary has been started since; it is on another timeline.
        #expect(found(nil).isEmpty)
        #expect(found("000000010000000000000006").isEmpty)
        #expect(found("00000003.history").isEmpty)
        #expect(found(promoted: 1).isEmpty)
        #expect(found(timeline: 1).isEmpty)
        #expect(found("00000001.history", timeline: 1, written: 1).isEmpty)
    }

    @Test("No former primary: a standby, one of another system, one whose server is up, and one that nothing succeeded")
    func none() {
        func codes(_ reports: [TargetReport]) -> [FindingCode] {
            findings(reports).map(\.code).filter { [.failback, .failbackNeedsBaseBackup].contains($0) }
        }
        let run = Self.runs[0]
        #expect(codes([downReport("a", lastSeen: former(run)), survivorReport()]) == [.failback])
        #expect(codes([downReport("a", lastSeen: standby(start: 1)), survivorReport()]) == [])
        #expect(codes([downReport("a", lastSeen: primary(start: 1, system: "8")), survivorReport()]) == [])
        #expect(codes([downReport("a", lastSeen: former(run)), report("s", standby(start: 3))]) == [])
        #expect(codes([downReport("a"), survivorReport()]) == [])
        #expect(codes([downReport("a", lastSeen: primary(start: 1, timeline: 3)), survivorReport()]) == [])
        #expect(codes([downReport("vip", lastSeen: survivor(run)), survivorReport()]) == [])
    }

    @Test("A virtual address that is down is no former primary: its server is told of by its own target, and by nobody where it has none")
    func virtualAddress() {
        let run = Self.runs[0]
        let vip = downReport("vip", lastSeen: former(run), seenAt: 900, role: .primary)
        let both = findings(.failback, [vip, downReport("dc1-pg1", lastSeen: former(run)), survivorReport()])
        #expect(both.map(\.target) == ["dc1-pg1"])
        #expect(findings(.failback, [vip, survivorReport()]).isEmpty)
        let broken = downReport("vip", lastSeen: former(Self.runs[3]), seenAt: 900, role: .primary)
        #expect(findings(.failbackNeedsBaseBackup, [broken, survivorReport()]).isEmpty)
    }

    @Test("Across Patroni clusters, the other one becomes a standby cluster before Patroni starts there")
    func acrossClusters() throws {
        let former = former(Self.runs[2], clusterName: "orders-1")
        let clusters = [
            cluster("dc1", [], settings: PatroniSettings(usesPgRewind: false)), cluster("dc2", [member("dc2-pg1", role: "leader", at: "10.77.2.11")]),
        ]
        let finding = try #require(
            findings(
                .failback,
                [
                    downReport("dc1-pg1", lastSeen: former, member: "dc1-pg1"),
                    report("dc2-pg1", survivor(Self.runs[2], clusterName: "orders-2"), member: "dc2-pg1", of: "dc2"),
                ],
                clusters: clusters
            ).first
        )
        #expect(
            finding.cures(.command) == [
                "patronictl edit-config orders-2 --set 'slots.orders_1={type: physical}'",
                "patronictl edit-config orders-1 --set 'standby_cluster={host: \"10.77.2.11\", port: 5432, primary_slot_name: orders_1}'",
                "patronictl edit-config orders-1 --set postgresql.use_pg_rewind=true",
            ]
        )
        #expect(finding.cures(.advice).last?.contains("Patroni reinitializes no leader") == true)
    }

    @Test("Within one Patroni cluster, Patroni does it")
    func withinCluster() throws {
        let run = Self.runs[0]
        let finding = try #require(
            findings(.failback, [downReport("a", lastSeen: former(run), member: "a"), report("b", survivor(run), member: "b")]).first
        )
        #expect(finding.cures.map(\.kind) == [.advice])
        #expect(finding.cures.first?.text.contains("Start Patroni at a") == true)
        let broken = Self.runs[3]
        let rebuild = try #require(
            findings(
                .failbackNeedsBaseBackup,
                [downReport("a", lastSeen: former(broken), member: "a"), report("b", survivor(broken), member: "b")]
            ).first
        )
        #expect(rebuild.cures(.command) == ["patronictl reinit dc1 a"])
    }

    private func former(_ run: Run, clusterName: String = "") -> ServerSnapshot {
        let end = Self.fork + run.beyond
        let change: (inout ServerSnapshot) -> Void = { snapshot in
            snapshot.checkpoints = checkpoints(redo: Self.fork + run.redo)
            snapshot.settings?.walLogHints = run.hints
            snapshot.settings?.walKeepSizeBytes = run.keep
            snapshot.settings?.maxSlotWALKeepSizeBytes = run.slotLimit
            snapshot.walDirectory = directory(oldest: 0x300_0000)
            if run.timeline == 2 { snapshot.walDirectory = directory(oldest: 0x300_0000, history: 2, modified: 90) }
            if run.slotLimit != nil { snapshot.slots = [slot("standby_cluster", restart: Self.fork)] }
        }
        return run.isStandby
            ? standby(start: 1, timeline: run.timeline, at: end, clusterName: clusterName, change)
            : primary(start: 1, timeline: run.timeline, at: end, clusterName: clusterName, change)
    }

    private func survivor(_ run: Run, clusterName: String = "") -> ServerSnapshot {
        primary(start: 2, timeline: 2, at: 0x2000_0000, fork: Self.fork, clusterName: clusterName) {
            $0.walDirectory = promoted(2, oldest: run.oldest)
        }
    }

    private func survivorReport() -> TargetReport {
        report("dc2-pg1", survivor(Self.runs[0]), at: [address("10.77.2.11")])
    }

    private func promoted(_ timeline: Int64, oldest: Int64) -> WALDirectory {
        directory(oldest: oldest, history: timeline, modified: 100)
    }
}
