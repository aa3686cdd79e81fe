/// What Patroni's REST interface told of one cluster. What it did not tell is nil; what was told last stays when it does not answer.
package struct PatroniCluster: Sendable, Hashable {
    /// The configured name, the label `cluster`.
    package var name: String
    /// Constant labels from the configuration, sorted by name.
    package var labels: [String: String]
    /// The configured REST interfaces, and how each fared at the last poll.
    package var endpoints: [Endpoint]
    /// `GET /cluster`, in the order of the answer.
    package var members: [PatroniMember]
    /// `GET /config`; nil while it was never read.
    package var settings: PatroniSettings?
    /// `pause` of `GET /cluster`; nil while it was never read.
    package var isPaused: Bool?
    /// Patroni's version as (major, minor), the lowest of the members that answered `GET /patroni`.
    package var version: Version?
    /// Unix time of the last line of `GET /history`: the last change of the leader. nil: none yet.
    package var lastSwitch: Double?
    /// Unix time of the last answer of `GET /cluster`, by the exporter's clock; nil: none yet.
    package var readAt: Double?
    /// How many polls in a row no REST interface has answered all that it is asked for. When the DCS is lost, it takes a loop of Patroni's until a member knows
    /// that it is that.
    package var failedPolls = 0
    /// Whether the last poll got what Patroni has from its DCS (etcd, Consul, Kubernetes …): false: only what a member knows by itself, and that it knows no
    /// leader. nil: neither.
    package var isDCSReachable: Bool?
    /// What was answered instead. Holds no secret.
    package var dcsProblem: String?
    /// By interface, when its member reached the DCS last, as it says itself.
    package var dcsContacts: [String: DCSContact] = [:]
    /// Slots that Patroni keeps though it does not list their members now, or that it is about to drop since they are not in its configuration any more.
    package var retainedSlots: Set<String> = []
    /// What of the last answers could not be used, and where in them, in words for people; also members that are not watched, and why.
    /// Never holds a value of an answer beyond names of members.
    package var oddities: [String] = []
    /// The names of listed members that are not watched, by why; no reason is there while nothing was listed, and then each, with or without names.
    package var unwatched: [UnwatchedReason: [String]] = [:]

    /// `dcs_last_seen` of `GET /patroni` (2.1.5+).
    package struct DCSContact: Sendable, Hashable {
        /// Unix time by the member's clock, which may be wrong: it only counts that it changes.
        package var lastSeen: Double
        /// Since when it has not changed, Unix time by the exporter's clock.
        package var unchangedSince: Double

        package init(lastSeen: Double, unchangedSince: Double) {
            self.lastSeen = lastSeen
            self.unchangedSince = unchangedSince
        }
    }

    /// Why a listed member is no target.
    package enum UnwatchedReason: String, Sendable, Hashable, CaseIterable {
        /// Patroni tells none that is of use.
        case withoutAddress = "no_address"
        /// It is not where members may be: `members_within`.
        case outside
        /// Another member is at its address.
        case atOthers = "same_address"
        /// There are as many as may be: `max_members`.
        case beyondLimit = "max_members"
    }

    /// A REST interface.
    package struct Endpoint: Sendable, Hashable {
        package var url: String
        /// Why there was no answer, or no usable one; nil when it answered. Holds no secret.
        package var problem: String?

        package var isUp: Bool { problem == nil }

        /// The problem of one that was not asked yet.
        package static let notAskedYet = "not asked yet"

        package init(url: String, problem: String?) {
            self.url = url
            self.problem = problem
        }
    }

    /// A version of Patroni.
    package struct Version: Sendable, Hashable, Comparable {
        package var major: Int
        package var minor: Int

        package init(major: Int, minor: Int) {
            self.major = major
            self.minor = minor
        }

        package static func < (one: Version, other: Version) -> Bool {
            (one.major, one.minor) < (other.major, other.minor)
        }
    }

    /// A cluster that has not answered yet.
    package init(name: String, labels: [String: String] = [:], endpoints: [Endpoint] = []) {
        self.name = name
        self.labels = labels
        self.endpoints = endpoints
        self.members = []
    }

    /// The member that holds the leader key: the primary, or the leader of a standby cluster.
    package var leader: PatroniMember? { members.first(where: \.isLeader) }

    /// It follows another cluster: told by the leader's role, and by the configuration while there is no leader.
    package var isStandbyCluster: Bool { leader?.isStandbyLeader ?? (settings?.standbyCluster != nil) }
}

/// A member of a Patroni cluster: one element of `members` in `GET /cluster`.
package struct PatroniMember: Sendable, Hashable {
    package var name: String
    /// `leader`, `standby_leader`, `replica`, `sync_standby`, `quorum_standby`; Patroni adds to them.
    package var role: String
    /// `running`, `streaming` (4.x), `stopped`, `starting`, `crashed`, …; Patroni adds to them.
    package var state: String
    /// Where its PostgreSQL listens; nil when Patroni does not tell. The first of `addresses`.
    package var address: ServerAddress? {
        get { addresses.first }
        set { addresses = newValue.map { [$0] } ?? [] }
    }
    /// All addresses that Patroni tells; several are several ways to one server.
    package var addresses: [ServerAddress]
    package var timeline: Int64?
    /// `replicatefrom`: the member that it shall stream from instead of the leader.
    package var replicatesFrom: String?
    /// `nostream`: it lives on its archive alone, and has no slot.
    package var isNotStreaming: Bool
    /// `nofailover`, or `failover_priority` 0: it never becomes the leader, and has no permanent slots.
    package var isExcludedFromFailover: Bool

    package init(
        name: String,
        role: String,
        state: String,
        address: ServerAddress?,
        timeline: Int64? = nil,
        replicatesFrom: String? = nil,
        isNotStreaming: Bool = false,
        isExcludedFromFailover: Bool = false
    ) {
        self.name = name
        self.role = role
        self.state = state
        self.addresses = address.map { [$0] } ?? []
        self.timeline = timeline
        self.replicatesFrom = replicatesFrom
        self.isNotStreaming = isNotStreaming
        self.isExcludedFromFailover = isExcludedFromFailover
    }

    package var isLeader: Bool { ["leader", "standby_leader", "master"].contains(role) }
    package var isStandbyLeader: Bool { role == "standby_leader" }
    package var isSynchronous: Bool { ["sync_standby", "quorum_standby"].contains(role) }
    /// PostgreSQL runs there, as Patroni says.
    package var isRunning: Bool { ["running", "streaming", "in archive recovery"].contains(state) }
}

/// The cluster-wide configuration: `GET /config`.
package struct PatroniSettings: Sendable, Hashable {
    /// `slots`: slots that Patroni creates and keeps.
    package var permanentSlots: [PermanentSlot]
    /// `ignore_slots` that name a slot: Patroni neither creates nor drops these.
    package var ignoredSlots: [String]
    /// `standby_cluster`; nil: the cluster has a primary of its own.
    package var standbyCluster: StandbyCluster?
    /// `postgresql.use_slots`, true when not set: members have slots.
    package var usesSlots: Bool
    /// `postgresql.use_pg_rewind`, false when not set.
    package var usesPgRewind: Bool
    /// `member_slots_ttl` (4.0+): for so many seconds the slot of a member that is away is kept; half an hour when not set, or not understood.
    package var memberSlotsTTLSeconds: Double

    /// An entry of `slots`.
    package struct PermanentSlot: Sendable, Hashable {
        package var name: String
        package var type: Slot.SlotType
        /// `cluster_type`: `primary` or `standby`, the only kind of cluster that shall have it; nil: either.
        package var clusterType: String?

        package init(name: String, type: Slot.SlotType, clusterType: String? = nil) {
            self.name = name
            self.type = type
            self.clusterType = clusterType
        }
    }

    /// `standby_cluster`: this cluster follows another one.
    package struct StandbyCluster: Sendable, Hashable {
        /// `host`: one or more, separated by commas; nil: it lives on an archive.
        package var host: String?
        /// `port`: none when not set, which means libpq's default; as many as hosts, or one for all.
        package var ports: [Int]
        /// `primary_slot_name`
        package var slotName: String?

        package init(host: String?, port: Int?, slotName: String?) {
            self.init(host: host, ports: port.map { [$0] } ?? [], slotName: slotName)
        }

        package init(host: String?, ports: [Int], slotName: String?) {
            self.host = host
            self.ports = ports
            self.slotName = slotName
        }

        /// Where it may stream from.
        package var addresses: [ServerAddress] {
            let hosts = (host ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
            return ServerAddress.pairs(hosts, ports.isEmpty ? [5432] : ports) ?? []
        }
    }

    package init(
        permanentSlots: [PermanentSlot] = [],
        ignoredSlots: [String] = [],
        standbyCluster: StandbyCluster? = nil,
        usesSlots: Bool = true,
        usesPgRewind: Bool = false,
        memberSlotsTTLSeconds: Double = 1800
    ) {
        self.permanentSlots = permanentSlots
        self.ignoredSlots = ignoredSlots
        self.standbyCluster = standbyCluster
        self.usesSlots = usesSlots
        self.usesPgRewind = usesPgRewind
        self.memberSlotsTTLSeconds = memberSlotsTTLSeconds
    }
}
