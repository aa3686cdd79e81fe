import ReplicationModel

/// What Patroni told of all clusters, found by name.
struct PatroniIndex: Sendable {
    private let clusters: [String: Entry]

    /// A cluster and what is looked for in it again and again.
    struct Entry: Sendable {
        let cluster: PatroniCluster
        let members: [String: PatroniMember]
        /// The names of its members' slots.
        let memberSlots: Set<String>
        /// The names of its permanent slots.
        let permanentSlots: Set<String>

        init(_ cluster: PatroniCluster) {
            self.cluster = cluster
            members = Dictionary(cluster.members.map { ($0.name, $0) }) { first, _ in first }
            memberSlots = Set(cluster.members.map { PatroniSlotName.derived(from: $0.name) })
            permanentSlots = Set((cluster.settings?.permanentSlots ?? []).map(\.name))
        }
    }

    init(_ clusters: [PatroniCluster]) {
        self.clusters = Dictionary(clusters.map { ($0.name, Entry($0)) }) { first, _ in first }
    }

    /// The cluster that a target is a member of, as far as Patroni told.
    func entry(of report: TargetReport) -> Entry? {
        report.membership.flatMap { clusters[$0.cluster] }
    }

    /// The member that a target is, as far as Patroni told.
    func member(of report: TargetReport) -> PatroniMember? {
        report.membership.flatMap { clusters[$0.cluster]?.members[$0.member] }
    }
}
