import Exposition
import ReplicationModel

/// What Patroni says of its cluster. Read at an interval of its own, not with the scrape; what was told last stays while it does not answer.
enum PatroniMetrics {
    static let all: [Metric] = [
        perCluster(
            "patroni_up",
            labels: ["url"],
            "1: this REST interface gave a usable answer at the last poll; 0: it did not, and what is told of the cluster may be old.",
            source: "GET /patroni"
        ) { cluster in cluster.endpoints.map { ([$0.url], $0.isUp ? 1 : 0) } },
        perCluster(
            "patroni_dcs_reachable",
            "1: Patroni answered from its DCS at the last poll; 0: a member answers, knows no leader, and nobody tells what is in the DCS: nobody fails over. Absent "
                + "when nobody answers.",
            source: "GET /patroni, cluster_unlocked; GET /cluster, /config, /history",
            when: "it answered"
        ) { cluster in cluster.isDCSReachable.map { [([], $0 ? 1 : 0)] } ?? [] },
        perCluster(
            "patroni_member_slots_ttl_seconds",
            "For how long Patroni keeps the slot of a member that is away.",
            source: "GET /config, member_slots_ttl",
            when: "it is 4.0 or newer"
        ) { cluster in
            guard let settings = cluster.settings, cluster.version.map({ $0 >= .init(major: 4, minor: 0) }) ?? false else { return [] }
            return [([], settings.memberSlotsTTLSeconds)]
        },
        perCluster(
            "patroni_members",
            labels: ["role", "state"],
            "Members of the cluster, by role and state in Patroni's words. `running` is no proof that a standby receives: see pgwal_receiver_up.",
            source: "GET /cluster"
        ) { cluster in
            Dictionary(grouping: cluster.members) { [$0.role, $0.state] }
                .map { ($0.key, Double($0.value.count)) }
                .sorted { $0.0.lexicographicallyPrecedes($1.0) }
        },
        perCluster(
            "patroni_unwatched_members",
            labels: ["reason"],
            "Members that Patroni lists and that are no targets: without a usable address, outside members_within, at the address of another one, or beyond max_members.",
            source: "GET /cluster"
        ) { cluster in
            PatroniCluster.UnwatchedReason.allCases.compactMap { reason in cluster.unwatched[reason].map { ([reason.rawValue], Double($0.count)) } }
        },
        perCluster("patroni_paused", "1: Patroni is paused, and fails over on command only.", source: "GET /cluster, pause") { cluster in
            cluster.isPaused.map { [([], $0 ? 1 : 0)] } ?? []
        },
        perCluster("patroni_timeline", "Timeline of the leader, by Patroni.", source: "GET /cluster, timeline") { cluster in
            cluster.leader?.timeline.map { [([], Double($0))] } ?? []
        },
        perCluster(
            "patroni_standby_cluster",
            labels: ["upstream_host", "slot_name"],
            "1: this is a standby cluster, and follows this host by this slot.",
            source: "GET /config, standby_cluster",
            when: "it is a standby cluster"
        ) { cluster in
            cluster.settings?.standbyCluster.map { [([$0.host ?? "", $0.slotName ?? ""], 1)] } ?? []
        },
        perCluster(
            "patroni_last_switch_timestamp_seconds",
            "When the leader changed last, Unix time.",
            source: "GET /history",
            when: "there was a change"
        ) { cluster in cluster.lastSwitch.map { [([], $0)] } ?? [] },
    ]

    private static func perCluster(
        _ name: String,
        labels: [String] = [],
        _ help: String,
        source: String,
        when condition: String? = nil,
        _ values: @escaping @Sendable (PatroniCluster) -> [(keys: [String], value: Double)]
    ) -> Metric {
        .cluster(
            name,
            labels: labels,
            help,
            source: source,
            .from(13, nil, when: ["Patroni is configured", condition].compactMap(\.self).joined(separator: ", and "))
        ) { cluster, family in
            let constant = cluster.labels.sorted { $0.key < $1.key }.map { Label(name: $0.key, value: $0.value) }
            let common = LabelSet([Label(name: "cluster", value: cluster.name)] + constant)
            for (keys, value) in values(cluster) {
                family.add(value, common, state: LabelSet(zip(labels, keys).map { Label(name: $0, value: $1) }))
            }
        }
    }
}
