import Judgement
package import ReplicationModel
import Synchronization

/// Standbys are judged by the WAL clock of their primary, where that is a target too.
extension Fleet {
    /// Adds to the reports of standbys how far they are behind. Each primary is asked once for all of its standbys.
    func judgedByPrimaries(_ reports: [TargetReport]) async -> [TargetReport] {
        let standbys = reports.indices.compactMap { index in StandbyPosition(reports[index]).map { (index: index, position: $0) } }
        guard !standbys.isEmpty else { return reports }
        let bySystem = Dictionary(grouping: standbys, by: \.position.systemKey)
        let primaries = state.withLock { state in
            bySystem.compactMapValues { standbys in
                standbys.first.flatMap { state.primaries.target(of: $0.position.systemKey) }.flatMap { state.monitors[$0] }
            }
        }
        var reports = reports
        for (system, monitor) in primaries {
            let standbys = bySystem[system, default: []]
            let distances = await monitor.distances(of: standbys.map(\.position))
            for (standby, distance) in zip(standbys, distances) { reports[standby.index].behindPrimary = distance }
        }
        return reports
    }

    /// A primary's end of WAL that is older is read again.
    private static let currentEnd = 2.0
    /// Reports of this age tell well enough who the primary is.
    private static let knownRoles = Duration.seconds(15)

    /// The same as ``report(of:notOlderThan:until:)``, but of a standby it is found out how far it is behind its primary as that is now, where
    /// the primary is a target that answers in time.
    package func reportAgainstPrimary(of name: String, notOlderThan age: Duration, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        guard let report = await report(of: name, notOlderThan: age, until: deadline) else { return nil }
        guard let position = StandbyPosition(report), !isCurrent(report) else { return report }
        if let primary = state.withLock({ $0.primaries.target(of: position.systemKey) }) {
            _ = await self.report(of: primary, notOlderThan: age, until: deadline)
        }
        var judged = await judgedByPrimaries([report])[0]
        if judged.behindPrimary == nil {
            // Nobody has asked for a while, or another one is the primary now.
            _ = await reports(notOlderThan: Self.knownRoles, until: deadline)
            judged = await judgedByPrimaries([report])[0]
        }
        return judged
    }

    private func isCurrent(_ report: TargetReport) -> Bool {
        report.behindPrimary.map { $0.unseenSeconds <= Self.currentEnd } ?? false
    }
}
