import ReplicationModel

/// Which target reaches which server, and which of several speaks for it.
struct ReachedServers: Sendable {
    /// The server that each target reached last.
    private var instances: [String: ServerInstance] = [:]
    /// By which targets each server was reached last.
    private var servers: [ServerInstance: Server] = [:]

    private struct Server {
        /// How likely each target is to roam: see `TargetReport.roaming`.
        var targets: [String: Int] = [:]
        /// The target that is the least likely to roam, then the first by name, so that it is the same at every look.
        var speaker: String?
        /// It was seen as a standby.
        var wasStandby = false

        mutating func set(_ target: String, _ roaming: Int) {
            guard targets.updateValue(roaming, forKey: target) != roaming else { return }
            guard let speaker, speaker != target, let best = targets[speaker] else { return choose() }
            if (roaming, target) < (best, speaker) { self.speaker = target }
        }

        mutating func remove(_ target: String) {
            targets[target] = nil
            if speaker == target { choose() }
        }

        private mutating func choose() {
            speaker = targets.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        }
    }

    /// The target that speaks for a server; nil when none reaches it.
    func speaker(of instance: ServerInstance) -> String? { servers[instance]?.speaker }

    /// The server that a target reached last.
    func server(of target: String) -> ServerInstance? { instances[target] }

    /// The lives of servers that are reached, and in which they were standbys.
    var wereStandbys: Set<ServerInstance> { Set(servers.filter(\.value.wasStandby).keys) }

    mutating func noteStandby(_ instance: ServerInstance) { servers[instance]?.wasStandby = true }

    func isReached(_ instance: ServerInstance) -> Bool { servers[instance] != nil }

    /// Learns which server a target reaches.
    /// - Returns: the server that it was before it started anew; nil when this is no restart.
    mutating func note(_ instance: ServerInstance, by report: TargetReport) -> ServerInstance? {
        let former = instances[report.name]
        if former == instance {
            // Patroni may tell late who is a member.
            if servers[instance]?.targets[report.name] != .max { servers[instance]?.set(report.name, report.roaming) }
            return nil
        }
        var roaming = former.flatMap { servers[$0]?.targets[report.name] } == .max ? .max : report.roaming
        forget(report.name)
        let isLeftByAll = former.map { !isReached($0) } ?? false
        let isNew = !isReached(instance)
        // It left a server that others reach for one that others reach: it is an address that moves, whatever was configured.
        if former != nil, !isLeftByAll, !isNew { roaming = .max }
        instances[report.name] = instance
        servers[instance, default: Server()].set(report.name, roaming)
        // Where an address leads now says nothing of the server that it led to before, unless nobody has seen either of them otherwise.
        guard roaming < TargetReport.roamingOfAddresses || isLeftByAll && isNew else { return nil }
        return former
    }

    /// What each target reached last: the target, how likely it is to roam, the server, and whether that was seen as a standby in this life.
    var kept: [(target: String, roaming: Int, instance: ServerInstance, wasStandby: Bool)] {
        instances.sorted { $0.key < $1.key }.map { target, instance in
            (target, servers[instance]?.targets[target] ?? 0, instance, servers[instance]?.wasStandby ?? false)
        }
    }

    /// Takes in what a target reached while a former process looked.
    mutating func restore(_ target: String, roaming: Int, _ instance: ServerInstance, wasStandby: Bool) {
        forget(target)
        instances[target] = instance
        servers[instance, default: Server()].set(target, roaming)
        if wasStandby { noteStandby(instance) }
    }

    /// Forgets targets that are configured no more.
    mutating func keep(onlyTargets targets: Set<String>) {
        for target in instances.keys where !targets.contains(target) { forget(target) }
    }

    private mutating func forget(_ target: String) {
        guard let instance = instances.removeValue(forKey: target) else { return }
        servers[instance]?.remove(target)
        if servers[instance]?.targets.isEmpty == true { servers[instance] = nil }
    }
}
