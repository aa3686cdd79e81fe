import Judgement
import ReplicationModel
import Testing

/// The system identifier of all servers here, unless said otherwise.
let system = "7574000000000000001"

/// A report of a server that is up.
func report(
    _ name: String,
    _ snapshot: ServerSnapshot,
    expecting expectations: Expectations = Expectations(),
    member: String? = nil,
    of cluster: String = "dc1",
    at addresses: [ServerAddress] = []
) -> TargetReport {
    TargetReport(
        name: name,
        labels: [],
        outcome: .up(snapshot),
        seconds: 0.01,
        connects: 1,
        errors: [:],
        expectations: expectations,
        membership: member.map { TargetReport.Membership(cluster: cluster, member: $0) },
        addresses: addresses
    )
}

/// A report of a target that does not answer.
func downReport(
    _ name: String,
    lastSeen: ServerSnapshot? = nil,
    seenAt: Double = 900,
    role: ServerRole? = nil,
    member: String? = nil,
    of cluster: String = "dc1",
    at addresses: [ServerAddress] = []
) -> TargetReport {
    TargetReport(
        name: name,
        labels: [],
        outcome: .down(reason: "connection refused"),
        seconds: 0.01,
        connects: 1,
        errors: [:],
        expectations: Expectations(role: role),
        membership: member.map { TargetReport.Membership(cluster: cluster, member: $0) },
        addresses: addresses,
        lastSeen: lastSeen.map { .snapshot($0, at: seenAt) }
    )
}

/// A primary on timeline 1 at 0/5000000 with nothing wrong.
///
/// - Parameters:
///   - start: when its postmaster started, which tells servers apart.
///   - fork: where it was promoted, after its start.
func primary(
    start: Double,
    timeline: Int64 = 1,
    at position: Int64 = 0x500_0000,
    fork: Int64? = nil,
    system: String = system,
    clusterName: String = "",
    _ change: (inout ServerSnapshot) -> Void = { _ in }
) -> ServerSnapshot {
    var snapshot = ServerSnapshot(identity: identity(start, system, clusterName), role: .primary)
    snapshot.clockOffset = 0
    snapshot.primaryWAL = PrimaryWAL(
        inserted: LSN(position),
        written: LSN(position),
        flushed: LSN(position),
        timeline: timeline,
        lastReplayed: fork.map(LSN.init)
    )
    snapshot.walsenders = []
    snapshot.slots = []
    snapshot.settings = healthySettings()
    snapshot.checkpoints = checkpoints(redo: position - 0x10_0000, timeline: timeline)
    snapshot.walDirectory = directory(oldest: 0x100_0000, history: timeline > 1 ? timeline : nil, modified: timeline > 1 ? start + 50 : nil)
    change(&snapshot)
    return snapshot
}

/// A standby on timeline 1 at 0/5000000 that streams, with nothing wrong.
func standby(
    start: Double,
    timeline: Int64 = 1,
    at position: Int64 = 0x500_0000,
    from upstream: Receiver.Upstream? = nil,
    isUp: Bool = true,
    system: String = system,
    clusterName: String = "",
    _ change: (inout ServerSnapshot) -> Void = { _ in }
) -> ServerSnapshot {
    var snapshot = ServerSnapshot(identity: identity(start, system, clusterName), role: .standby)
    snapshot.clockOffset = 0
    snapshot.recovery = Recovery(
        received: LSN(position),
        replayed: LSN(position),
        lastReplayedTransaction: nil,
        pauseState: .notPaused,
        timeline: nil,
        isEndKnown: true
    )
    snapshot.receiver = Receiver(
        session: isUp ? session(timeline: timeline, end: position) : nil,
        isHidden: false,
        hasConnectionString: true,
        hasSlotName: upstream?.slotName != nil,
        hasRestoreCommand: false,
        upstream: upstream
    )
    snapshot.walsenders = []
    snapshot.slots = []
    snapshot.settings = healthySettings()
    snapshot.checkpoints = checkpoints(redo: position - 0x10_0000, timeline: timeline)
    snapshot.walDirectory = directory(oldest: 0x100_0000, history: timeline > 1 ? timeline : nil, modified: timeline > 1 ? start + 50 : nil)
    change(&snapshot)
    return snapshot
}

func session(timeline: Int64, end: Int64) -> Receiver.Session {
    Receiver.Session(
        status: .streaming,
        timeline: timeline,
        written: LSN(end),
        flushed: LSN(end),
        upstreamEnd: LSN(end),
        lastMessage: 1_000,
        lastMessageAge: 1,
        transit: 0.001,
        age: 300
    )
}

func directory(oldest: Int64?, history: Int64? = nil, modified: Double? = nil, readAt: Double = 1_000_000) -> WALDirectory {
    WALDirectory(
        bytes: 0x400_0000,
        segments: 4,
        recycledSegments: 0,
        oldestKept: oldest.map(LSN.init),
        oldestKeptModified: nil,
        historyFileModified: modified,
        historyFileTimeline: history,
        readAt: readAt
    )
}

func checkpoints(redo: Int64, timeline: Int64 = 1) -> Checkpoints {
    Checkpoints(
        timed: 1,
        requested: 1,
        restartpoints: nil,
        lastCheckpoint: 500,
        redo: LSN(redo),
        timeline: timeline,
        minimumRecoveryTimeline: 0
    )
}

/// Settings that no rule complains of.
func healthySettings() -> Settings {
    var settings = Settings()
    settings.walReceiverTimeoutSeconds = 60
    settings.walRetrieveRetryIntervalSeconds = 5
    settings.walLogHints = true
    settings.dataChecksums = false
    settings.fullPageWrites = true
    settings.walKeepSizeBytes = 128 << 20
    settings.maxSlotWALKeepSizeBytes = 10 << 30
    settings.hasRestoreCommand = false
    settings.hasRecoveryTarget = false
    settings.synchronousStandbyNames = ""
    return settings
}

func slot(
    _ name: String,
    type: Slot.SlotType = .physical,
    active: Bool = false,
    restart: Int64? = 0x400_0000,
    status: Slot.WALStatus? = .reserved,
    temporary: Bool = false
) -> Slot {
    Slot(
        name: name,
        type: type,
        isTemporary: temporary,
        isActive: active,
        walStatus: status,
        restart: restart.map(LSN.init),
        current: LSN(0x500_0000)
    )
}

func walsender(
    _ name: String,
    address: String? = nil,
    slot: String? = nil,
    state: Walsender.State = .streaming,
    sync: Walsender.SyncState? = .async,
    sent: Int64 = 0x500_0000,
    replayed: Int64? = 0x500_0000
) -> Walsender {
    Walsender(
        applicationName: name,
        clientAddress: address,
        slotName: slot,
        state: state,
        syncState: sync,
        current: LSN(0x500_0000),
        sent: LSN(sent),
        written: LSN(sent),
        flushed: LSN(sent),
        replayed: replayed.map(LSN.init)
    )
}

/// What a standby says of where it streams from.
func upstream(_ host: String?, slot: String? = nil, port: String? = "5432") -> Receiver.Upstream {
    Receiver.Upstream(host: host, port: port, slotName: slot)
}

func address(_ host: String, _ port: Int = 5432) -> ServerAddress {
    ServerAddress(host: host, port: port)
}

func view(
    _ reports: [TargetReport],
    clusters: [PatroniCluster] = [],
    splits: [SplitBrain] = [],
    wasStandby: Set<ServerInstance> = [],
    silences: [Silence] = [],
    now: Double = 1_000
) -> FleetView {
    FleetView(reports: reports, clusters: clusters, splits: splits, wasStandby: wasStandby, silences: silences, now: now)
}

func findings(_ reports: [TargetReport], clusters: [PatroniCluster] = [], splits: [SplitBrain] = []) -> [Finding] {
    findings(in: view(reports, clusters: clusters, splits: splits))
}

func findings(in view: FleetView) -> [Finding] {
    let found = Findings.all(of: view)
    for finding in found { expectSafe(finding) }
    return found
}

/// What holds for every finding of every situation: nothing that destroys data stands under what is not proven, before the command that checks
/// it, or without the server where it is to be run; and nothing that does is taken for harmless.
private func expectSafe(_ finding: Finding) {
    var isChecked = false
    for cure in finding.cures {
        isChecked = isChecked || cure.effect == .check
        if cure.effect == .destructive { #expect(finding.confidence == .proven && isChecked, "\(finding.code): \(cure.text)") }
        guard [.sql, .command].contains(cure.kind) else { continue }
        #expect(cure.target != nil || finding.target == nil, "\(finding.code): where is it to be run: \(cure.text)")
        let destroys = ["pg_drop_replication_slot", "pg_rewind --", "pg_basebackup", "pg_promote", "pg_ctl promote", "reinit", "rm ", "initdb"]
        if destroys.contains(where: cure.text.contains), !cure.text.contains("--dry-run") {
            #expect(cure.effect == .destructive, "\(finding.code): \(cure.text)")
        }
        if cure.text.contains("pg_wal_replay_resume") { #expect(isChecked, "\(finding.code): \(cure.text)") }
    }
}

/// The findings of one code.
func findings(
    _ code: FindingCode,
    _ reports: [TargetReport],
    clusters: [PatroniCluster] = [],
    splits: [SplitBrain] = []
) -> [Finding] {
    findings(reports, clusters: clusters, splits: splits).filter { $0.code == code }
}

func member(_ name: String, role: String = "replica", at host: String? = nil, state: String = "streaming") -> PatroniMember {
    PatroniMember(name: name, role: role, state: state, address: host.map { address($0) })
}

func cluster(
    _ name: String = "dc1",
    _ members: [PatroniMember],
    settings: PatroniSettings? = PatroniSettings(),
    version: PatroniCluster.Version? = .init(major: 4, minor: 1)
) -> PatroniCluster {
    var cluster = PatroniCluster(name: name, endpoints: [.init(url: "http://10.77.1.11:8008", problem: nil)])
    cluster.members = members
    cluster.settings = settings
    cluster.version = version
    return cluster
}

extension Finding {
    /// The texts of the cures of one kind, without those that only check.
    func cures(_ kind: Cure.Kind) -> [String] {
        cures.filter { $0.kind == kind && $0.effect != .check }.map(\.text)
    }

    /// What is to be run before anything is destroyed.
    var checks: [String] {
        cures.filter { $0.effect == .check }.map(\.text)
    }

    func value(of evidence: String) -> String? {
        self.evidence.first { $0.name == evidence }?.value
    }
}

private func identity(_ start: Double, _ system: String, _ clusterName: String) -> ServerIdentity {
    ServerIdentity(
        versionNumber: 150018,
        version: "15.18",
        systemIdentifier: system,
        clusterName: clusterName,
        address: nil,
        postmasterStart: start,
        walSegmentBytes: 16 << 20
    )
}

extension FleetMemory {
    /// While both of the exporter's clocks run alike.
    mutating func note(_ report: TargetReport, at seconds: Double) {
        note(report, at: Moment(monotonic: MonotonicTime(seconds), wall: seconds))
    }
}
