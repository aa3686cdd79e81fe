import ReplicationModel

/// What of a target is compared from one look to the next. What is not known is nil, and no change.
package struct ObservedTarget: Sendable, Hashable, Codable {
    package var isUp: Bool?
    /// `ServerIdentity/systemKey`; nil until it was up.
    package var systemKey: String?
    package var postmasterStart: Double?
    package var role: String?
    package var timeline: Int64?
    package var isReceiving: Bool?
    package var upstream: String?
    package var replayPause: String?
    package var isSynchronousSatisfied: Bool?
    package var settings: [String: String] = [:]
    package var failing: [String] = []
    /// Standbys and other clients that stream, in order.
    package var senders: [String]?
    /// In order of their names.
    package var slots: [Slot]?

    package struct Slot: Sendable, Hashable, Codable {
        package var name: String
        package var isLost: Bool
        package var recreations: Int
    }

    /// What ``settings`` were made of, so that they are made once for each change.
    private var source: Settings?

    private enum CodingKeys: String, CodingKey {
        case isUp, systemKey, postmasterStart, role, timeline, isReceiving, upstream, replayPause, isSynchronousSatisfied, settings, failing
        case senders, slots
    }

    package init() {}

    /// - Parameter former: what it was: of what a look does not tell, that still holds.
    init(_ report: TargetReport, after former: ObservedTarget?) {
        self = former ?? ObservedTarget()
        if let isUp = report.isUp { self.isUp = isUp }
        guard let snapshot = report.snapshot else { return }
        let identity = snapshot.identity
        if systemKey != identity.systemKey || role != snapshot.role.rawValue {
            // What was is of another database, or of another role.
            let (former, started) = (systemKey == identity.systemKey ? self : ObservedTarget(), postmasterStart)
            self = ObservedTarget()
            self.isUp = report.isUp
            failing = former.failing
            settings = former.settings
            slots = former.slots
            timeline = former.timeline
            postmasterStart = started
        }
        systemKey = identity.systemKey
        if let start = identity.postmasterStart { postmasterStart = start }
        role = snapshot.role.rawValue
        if let timeline = snapshot.timeline { self.timeline = timeline }
        if snapshot.role == .standby {
            if let isUp = snapshot.receiver?.isUp(settings: snapshot.settings) { isReceiving = isUp }
            if let upstream = snapshot.receiver?.upstream?.addresses.first { self.upstream = upstream.description }
            if let state = snapshot.recovery?.pauseState { replayPause = state.rawValue }
        } else if let synchronous = snapshot.synchronousReplication {
            isSynchronousSatisfied = synchronous.isSatisfied
        }
        if let settings = snapshot.settings, settings != source {
            self.settings = Self.told(settings)
            source = settings
        }
        if let walsenders = snapshot.walsenders { senders = Self.senders(walsenders) }
        if let slots = snapshot.slots { self.slots = Self.slots(slots, snapshot.slotRecords) }
        let failing = Set(snapshot.reports.filter { $0.failure != nil }.map(\.collector.rawValue))
        let told = Set(snapshot.reports.map(\.collector.rawValue))
        self.failing = failing.union(self.failing.filter { !told.contains($0) }).sorted()
    }

    private static func senders(_ walsenders: [Walsender]) -> [String] {
        var names: Set<String> = []
        for walsender in walsenders where walsender.state == .streaming || walsender.state == .catchup {
            let key = walsender.key
            // What comes and goes with a session of its own is no news.
            guard key.applicationName == walsender.applicationName,
                key.slotName == walsender.slotName || key.slotName == WalsenderKey.standbysTemporarySlot
            else { continue }
            names.insert(key.applicationName + (key.clientAddress.map { " at \($0)" } ?? ""))
        }
        return names.sorted()
    }

    private static func slots(_ slots: [ReplicationModel.Slot], _ records: [SlotRecord]) -> [Slot] {
        let recreated = records.filter { $0.recreations > 0 }
        let lasting = slots.filter { !$0.isPassing && !$0.isServersOwn && $0.isSynced != true }
        let observed = lasting.map { slot in
            let record = recreated.isEmpty ? nil : recreated.first { $0.name == slot.name }
            return Slot(name: slot.name, isLost: slot.isInvalidated, recreations: record?.recreations ?? 0)
        }
        // The server lists them in the order in which they lie in memory, which is the same at nearly every look.
        let isSorted = zip(observed, observed.dropFirst()).allSatisfy { $0.name <= $1.name }
        return isSorted ? observed : observed.sorted { $0.name < $1.name }
    }

    /// Those that decide what is kept, lost or waited for.
    private static func told(_ settings: Settings) -> [String: String] {
        var told: [String: String] = [:]
        func tell(_ name: String, _ value: (some CustomStringConvertible)?) { told[name] = value.map { "\($0)" } }
        tell("synchronous_standby_names", settings.synchronousStandbyNames)
        tell("synchronous_commit", settings.synchronousCommit)
        tell("max_slot_wal_keep_size", settings.maxSlotWALKeepSizeBytes.map { "\($0) bytes" })
        tell("wal_keep_size", settings.walKeepSizeBytes.map { "\($0) bytes" })
        tell("max_wal_size", settings.maxWALSizeBytes.map { "\($0) bytes" })
        tell("wal_level", settings.walLevel)
        tell("archive_mode", settings.archiveMode)
        tell("wal_log_hints", settings.walLogHints)
        tell("full_page_writes", settings.fullPageWrites)
        tell("recovery_min_apply_delay", settings.recoveryMinApplyDelaySeconds.map { "\($0) s" })
        tell("idle_replication_slot_timeout", settings.idleReplicationSlotTimeoutSeconds.map { "\($0) s" })
        tell("hot_standby_feedback", settings.hotStandbyFeedback)
        return told
    }
}
