import ExporterConfiguration
import Patroni
import ReplicationModel

/// Which targets there are, who is which member of Patroni, and what is expected of each. Pure: what Patroni said comes in from outside.
///
/// What is expected of a target is put together when it is asked for, of parts that are made once for each answer of Patroni.
struct FleetRoster: Sendable {
    /// A target, and where it is.
    struct Entry: Sendable, Hashable {
        var target: TargetConfiguration
        /// nil: where the connection string says.
        var address: ServerAddress?
        /// Where that address may be, which somebody else has told; empty: anywhere.
        var within: [AddressRange] = []
    }

    /// What a report gets that the server itself does not know.
    struct Annotation: Sendable, Hashable {
        var expectations: Expectations
        var membership: TargetReport.Membership?
    }

    /// One Patroni cluster, and what follows from it.
    private struct Part: Sendable {
        let configuration: PatroniConfiguration
        /// What the file expects of each member.
        let expectations: Expectations
        /// What Patroni said last.
        var answer: PatroniCluster?
        var watched: WatchedMembers
        var relations: PatroniExpectations
        var entries: [Entry] = []
        var retained = RetainedSlots()
        /// The targets that are its members, listed now or not long ago, and the members' names.
        var members: [(target: String, member: String)] = []
        /// The targets that were seen as primaries last.
        var primaries: Set<String> = []

        /// A leader may change before Patroni is asked again, and there may be two for a while. More are none that anybody follows.
        private static let mostPrimaries = 4

        /// The role by which it is judged what Patroni wants of a member. Each primary has a list of all other members.
        mutating func role(of target: String, _ member: String, as role: ServerRole?) -> ServerRole? {
            if role == .primary { primaries.insert(target) } else { primaries.remove(target) }
            let byPatroni = relations.role(of: member)
            return role == .primary && primaries.count > Self.mostPrimaries ? byPatroni : role ?? byPatroni
        }
    }

    private let configured: [Entry]
    private let configuredExpectations: [String: Expectations]
    private let targetsByAddress: [ServerAddress: String]
    private let indexes: [String: Int]
    private var parts: [Part]
    private var upstream: UpstreamTargets
    /// In the order of the configuration.
    private(set) var clusters: [PatroniCluster]
    /// Of the targets that are members: of which cluster, and by which name.
    private var places: [String: (cluster: Int, member: String)] = [:]

    /// - Parameter addresses: where the configured targets' connection strings lead.
    init(_ configuration: Configuration, addresses: [String: [ServerAddress]]) {
        configured = configuration.targets.map { Entry(target: $0, address: nil) }
        configuredExpectations = Dictionary(configuration.targets.map { ($0.name, Expectations($0.expectations)) }) { first, _ in first }
        var targetsByAddress: [ServerAddress: String] = [:]
        for target in configuration.targets {
            for address in addresses[target.name, default: []] where targetsByAddress[address.normalized] == nil {
                targetsByAddress[address.normalized] = target.name
            }
        }
        self.targetsByAddress = targetsByAddress
        indexes = Dictionary(configuration.patroni.enumerated().map { ($1.name, $0) }) { first, _ in first }
        clusters = configuration.patroni.map { cluster in
            PatroniCluster(
                name: cluster.name,
                labels: cluster.labels,
                endpoints: cluster.urls.map { .init(url: $0, problem: PatroniCluster.Endpoint.notAskedYet) }
            )
        }
        parts = zip(configuration.patroni, clusters).map { configuration, cluster in
            Part(
                configuration: configuration,
                expectations: Expectations(configuration.expectations),
                watched: WatchedMembers(limit: configuration.maximumMembers),
                relations: PatroniExpectations(cluster)
            )
        }
        upstream = UpstreamTargets()
    }

    /// Every target: the configured ones, then the members found, cluster by cluster.
    var entries: [Entry] { configured + parts.flatMap(\.entries) }

    /// Takes in what Patroni said of a cluster.
    /// - Returns: whether there are other targets now, or other addresses of them.
    mutating func update(_ cluster: PatroniCluster, at now: MonotonicTime) -> Bool {
        guard let index = indexes[cluster.name] else { return false }
        let before = parts[index]
        var part = before
        let targets = targetsByAddress
        let cluster = cluster.conforming(to: part.configuration)
        part.answer = cluster
        let ranges = part.configuration.membersWithin
        part.watched.update(
            cluster.members,
            isTarget: { targets[$0.normalized] != nil },
            isOutside: { !ranges.isEmpty && ranges.contains(host: $0.host) == false },
            at: now
        )
        clusters[index] = cluster
        clusters[index].oddities += part.watched.omissions
        clusters[index].unwatched = part.watched.unwatched
        clusters[index].retainedSlots = part.retained.update(cluster, at: now)
        part.relations = PatroniExpectations(cluster)
        part.entries = part.watched.members.map { member in
            Entry(
                target: part.configuration.target(member: member.name, dsn: part.configuration.dsn),
                address: member.addresses.first,
                within: ranges
            )
        }
        // Members that are targets by another name, then those that are targets because of Patroni.
        part.members = cluster.members.compactMap { member in
            member.addresses.lazy.compactMap { targets[$0.normalized] }.first.map { ($0, member.name) }
        }
        part.members += zip(part.entries, part.watched.members).map { ($0.target.name, $1.name) }
        parts[index] = part
        place(part.members, of: index, insteadOf: before.members)
        upstream.clusters(clusters)
        return part.entries.map { [$0.target.name, "\($0.address.map(\.description) ?? "")"] }
            != before.entries.map { [$0.target.name, "\($0.address.map(\.description) ?? "")"] }
    }

    /// Follows another configuration. What Patroni said, and what follows from it, stays for clusters of the same name.
    /// - Parameter addresses: where the configured targets' connection strings lead.
    mutating func follow(_ configuration: Configuration, addresses: [String: [ServerAddress]], at now: MonotonicTime) {
        var present = FleetRoster(configuration, addresses: addresses)
        for part in parts {
            guard let index = present.indexes[part.configuration.name] else { continue }
            present.parts[index].primaries = part.primaries
            present.parts[index].watched = part.watched
            present.parts[index].retained = part.retained
            present.parts[index].watched.limit = present.parts[index].configuration.maximumMembers
            if let answer = part.answer { _ = present.update(answer, at: now) }
            present.parts[index].primaries.formIntersection(present.parts[index].members.map(\.target))
        }
        present.upstream.learn(from: upstream, of: present.entries.map(\.target.name))
        self = present
    }

    private mutating func place(_ members: [(target: String, member: String)], of index: Int, insteadOf old: [(target: String, member: String)]) {
        let present = Set(members.map(\.target))
        for (target, _) in old where places[target]?.cluster == index && !present.contains(target) {
            places[target] = nil
            parts[index].primaries.remove(target)
            upstream.place(target, in: nil)
            if configuredExpectations[target] == nil { upstream.forget(target) }
        }
        for (target, member) in members {
            places[target] = (index, member)
            upstream.place(target, in: parts[index].configuration.name)
        }
    }

    /// Learns which physical cluster a target belongs to.
    mutating func note(_ systemIdentifier: String, of target: String) {
        guard !parts.isEmpty else { return }
        upstream.note(systemIdentifier, of: target)
    }

    /// What a report of a target gets.
    /// - Parameter role: the server's; nil while the target is down: then that of which Patroni speaks. What Patroni wants in the other role
    ///   is left out; what the file expects is not.
    mutating func annotation(of target: String, as role: ServerRole?) -> Annotation {
        var annotation = Annotation(expectations: configuredExpectations[target] ?? Expectations())
        guard let (index, member) = places[target] else {
            annotation.expectations.add(Expectations(slots: upstream.slots(expectedOf: target)))
            return annotation
        }
        let needed = upstream.slots(expectedOf: target)
        let role = parts[index].role(of: target, member, as: role)
        let part = parts[index]
        annotation.membership = .init(cluster: part.configuration.name, member: member)
        annotation.expectations.add(part.expectations)
        annotation.expectations.add(part.relations.expectations(of: member, as: role))
        annotation.expectations.add(Expectations(slots: needed))
        return annotation
    }
}

extension PatroniCluster {
    /// An answer to what was configured before, as one to what is configured now.
    fileprivate func conforming(to configuration: PatroniConfiguration) -> Self {
        var cluster = self
        cluster.labels = configuration.labels
        let problems = Dictionary(endpoints.map { ($0.url, $0.problem) }) { first, _ in first }
        cluster.endpoints = configuration.urls.map { Endpoint(url: $0, problem: problems[$0] ?? Endpoint.notAskedYet) }
        return cluster
    }
}
