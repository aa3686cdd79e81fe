package import ReplicationModel

/// A server that is up, by whatever number of targets it is reached.
package struct FleetServer: Sendable {
    /// The target that speaks for the server, and under whose name it is told of.
    package let report: TargetReport
    package let snapshot: ServerSnapshot
    package let instance: ServerInstance
    /// What each target that reaches it says, the speaking one first.
    package let reports: [TargetReport]
    /// Under which addresses it is known: to its targets, to itself, to Patroni.
    package let addresses: Set<ServerAddress>
    /// What all its targets expect, nothing twice.
    package let expectations: Expectations
    /// As `expectations` is, and what there is.
    let presence: Presence
    package let member: PatroniMember?
    private let patroni: PatroniIndex.Entry?

    package var cluster: PatroniCluster? { patroni?.cluster }
    /// The names of the slots of its Patroni cluster's members; empty when it is no member.
    var memberSlots: Set<String> { patroni?.memberSlots ?? [] }
    /// The names of its Patroni cluster's permanent slots; empty when it is no member.
    var permanentSlots: Set<String> { patroni?.permanentSlots ?? [] }

    package var target: String { report.name }
    /// The names of all targets that reach it, the speaking one first.
    package var targets: [String] { reports.map(\.name) }
    package var systemIdentifier: String { instance.systemIdentifier }
    package var isPrimary: Bool { snapshot.role == .primary }

    /// - Parameter reports: of one instance, all of them up, the speaking one first.
    init?(_ reports: [TargetReport], _ patroni: PatroniIndex) {
        guard let report = reports.first, let snapshot = report.snapshot else { return nil }
        self.report = report
        self.snapshot = snapshot
        instance = ServerInstance(snapshot)
        self.reports = reports
        self.patroni = patroni.entry(of: report)
        let member = patroni.member(of: report)
        self.member = member
        var addresses = Set(reports.flatMap(\.knownAddresses))
        for address in member?.addresses ?? [] { addresses.insert(address.normalized) }
        self.addresses = addresses

        var expectations = report.expectations
        if reports.count > 1 {
            var slots = Set(expectations.slots)
            var standbys = Set(expectations.standbys)
            for other in reports.dropFirst() {
                expectations.slots += other.expectations.slots.filter { slots.insert($0).inserted }
                expectations.standbys += other.expectations.standbys.filter { standbys.insert($0).inserted }
            }
        }
        self.expectations = expectations
        presence = Presence(snapshot)
    }

    /// The target that expects something, by which the metrics tell of it; the speaking one if it does.
    func target(expecting expected: ExpectedSlot) -> String {
        reports.first { $0.expectations.slots.contains(expected) }?.name ?? target
    }

    /// See ``target(expecting:)-(ExpectedSlot)``.
    func target(expecting expected: ExpectedStandby) -> String {
        reports.first { $0.expectations.standbys.contains(expected) }?.name ?? target
    }

    /// The names that it may go by in pg_stat_replication elsewhere, each once.
    var names: Set<String> {
        report.names(snapshot).union(targets)
    }

    /// How long its postmaster has been running, by its own clock, in seconds; nil where that is not known.
    func age(at now: Double) -> Double? {
        guard let start = snapshot.identity.postmasterStart, let offset = snapshot.clockOffset else { return nil }
        return now + offset - start
    }

    /// Whether it follows another server by streaming; nil when it is no standby, is not told to stream, or that is hidden.
    package var isStreaming: Bool? {
        snapshot.role == .standby ? snapshot.receiver?.isUp(settings: snapshot.settings) : nil
    }
}

extension TargetReport {
    /// The names that a server may go by in pg_stat_replication elsewhere.
    func names(_ snapshot: ServerSnapshot) -> Set<String> {
        var names: Set = [name, snapshot.identity.clusterName]
        if let member = membership?.member { names.insert(member) }
        return names
    }

    /// The addresses of the configuration and of Patroni, and where the server says that the connection came in.
    var knownAddresses: [ServerAddress] {
        var addresses = addresses.map(\.normalized)
        if let identity = snapshot?.identity, let host = identity.address, let port = identity.port {
            addresses.append(ServerAddress(host: host, port: port).normalized)
        }
        return addresses
    }

    /// How likely it is that the target always reaches the same server: a member of Patroni does, whereas of a virtual address a role is
    /// expected. Lower is likelier.
    var roaming: Int {
        membership != nil ? 0 : isVirtualAddress ? Self.roamingOfAddresses : 1
    }

    /// See ``roaming``: from here on, it is an address and no server.
    static let roamingOfAddresses = 2

    /// By all appearances.
    var isVirtualAddress: Bool {
        membership == nil && expectations.role != nil
    }
}
