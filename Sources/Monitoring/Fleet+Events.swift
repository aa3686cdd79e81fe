package import Judgement
import Logging
import ReplicationModel
import Synchronization

/// What changes is told as events.
extension Fleet {
    /// Notes what is new in a report. One that was handed out before says nothing new.
    static func note(_ report: TargetReport, in state: inout State, _ logger: Logger) {
        if let at = report.collectedAt, let noted = state.noted[report.name], noted == at { return }
        state.noted[report.name] = report.collectedAt
        let time = report.collectedAt?.wall ?? WallClock.now()
        let events = ObservedTarget.events(of: report, at: time, after: &state.observed[report.name])
        add(events, to: &state, logger)
    }

    /// Notes who leads a cluster.
    static func noteLeader(of cluster: PatroniCluster, in state: inout State, _ logger: Logger) {
        guard let leader = cluster.leader?.name else { return }
        let former = state.leaders.updateValue(leader, forKey: cluster.name)
        guard let former, former != leader else { return }
        let text = "\(leader) leads Patroni cluster \(cluster.name), and \(former) did."
        add([Event(.leaderChanged, at: WallClock.now(), subject: cluster.name, before: former, after: leader, text)], to: &state, logger)
    }

    /// Notes what the exporter itself does.
    package func note(_ kind: Event.Kind, _ text: String) {
        state.withLock { Self.add([Event(kind, at: WallClock.now(), text)], to: &$0, logger) }
    }

    private static func add(_ events: [Event], to state: inout State, _ logger: Logger) {
        guard !events.isEmpty else { return }
        state.journal.append(events)
        for event in events where !event.kind.isToldElsewhere {
            var metadata: Logger.Metadata = ["event": "\(event.kind.rawValue)"]
            metadata["target"] = event.target.map { "\($0)" }
            metadata["subject"] = event.subject.map { "\($0)" }
            metadata["before"] = event.before.map { "\($0)" }
            metadata["after"] = event.after.map { "\($0)" }
            logger.notice("\(event.text)", metadata: metadata)
        }
    }

    /// The latest events of those that are meant, from old to new.
    package func events(_ limit: Int, where isMeant: (Event) -> Bool) -> [Event] {
        state.withLock(\.journal).latest(limit, where: isMeant)
    }

    /// How many events there were of each kind.
    package var eventCounts: [Event.Kind: Int] { state.withLock(\.journal.counts) }
}

extension Event.Kind {
    /// There is a line in the log already, at the moment when it happened.
    fileprivate var isToldElsewhere: Bool {
        switch self {
        case .exporterStarted, .exporterStopped, .targetUp, .targetDown, .roleChanged, .collectorFailed, .collectorWorks: true
        default: false
        }
    }
}
