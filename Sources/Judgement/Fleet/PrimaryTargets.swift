package import ReplicationModel

/// Which target speaks for the primary of each system, from reports that come one by one.
package struct PrimaryTargets: Sendable {
    /// The targets that reached a primary when they were seen last.
    private var seen: [String: Sighting] = [:]
    private var targets: [String: Set<String>] = [:]

    private struct Sighting {
        var instance: ServerInstance
        var isUp: Bool
        var roaming: Int
    }

    package init() {}

    /// Learns from what a target said. One that is down, or did not answer yet, is what it was.
    package mutating func note(_ report: TargetReport) {
        guard let snapshot = report.snapshot else {
            if report.isUp == false { seen[report.name]?.isUp = false }
            return
        }
        guard snapshot.role == .primary, !snapshot.identity.systemIdentifier.isEmpty else { return forget(report.name) }
        let instance = ServerInstance(snapshot)
        if let known = seen[report.name], known.instance == instance, known.isUp, known.roaming == report.roaming { return }
        forget(report.name)
        seen[report.name] = Sighting(instance: instance, isUp: true, roaming: report.roaming)
        targets[instance.systemIdentifier, default: []].insert(report.name)
    }

    /// Forgets targets that are configured no more.
    package mutating func keep(onlyTargets kept: Set<String>) {
        for target in seen.keys where !kept.contains(target) { forget(target) }
    }

    /// The target that speaks for the primary of a system; of one that is down only while no other is up. nil when none is known, or several
    /// servers are primaries.
    package func target(of system: String) -> String? {
        let all = (targets[system] ?? []).compactMap { name in seen[name].map { (name: name, sighting: $0) } }
        let up = all.filter(\.sighting.isUp)
        let candidates = up.isEmpty ? all : up
        guard Set(candidates.map(\.sighting.instance)).count == 1 else { return nil }
        return candidates.min { ($0.sighting.roaming, $0.name) < ($1.sighting.roaming, $1.name) }?.name
    }

    private mutating func forget(_ target: String) {
        guard let former = seen.removeValue(forKey: target) else { return }
        targets[former.instance.systemIdentifier]?.remove(target)
        if targets[former.instance.systemIdentifier]?.isEmpty == true { targets[former.instance.systemIdentifier] = nil }
    }
}
