import ReplicationModel

/// The steps that bring a former primary back as a standby of the survivor.
struct FailbackCures {
    private let former: FormerPrimary
    private let survivor: FleetServer
    private let rebuilt: RebuildCures.Rebuilt
    /// Patroni's cluster of the one is that of the other.
    private let isSameCluster: Bool

    init(_ former: FormerPrimary, _ survivor: FleetServer) {
        self.former = former
        self.survivor = survivor
        isSameCluster = former.report.membership?.cluster == survivor.report.membership?.cluster
        rebuilt = RebuildCures.Rebuilt(
            report: former.report,
            snapshot: former.snapshot,
            leads: former.report.membership != nil && !isSameCluster
        )
    }

    func steps(_ way: FailbackVerdict.Way) -> [Finding.Cure] {
        former.report.membership == nil ? byHand(way) : byPatroni(way)
    }

    private func byHand(_ way: FailbackVerdict.Way) -> [Finding.Cure] {
        let slot = PatroniSlotName.derived(from: former.report.name)
        let atSurvivor: [Finding.Cure] = [
            .init(.advice, "At \(survivor.target), a slot keeps the WAL that is written meanwhile:"),
            .init(.sql, SlotRules.create(slot, .physical), at: survivor.target),
        ]
        let follow: [Finding.Cure] = [
            .init(.setting, "primary_conninfo = \(SQLText.setting(RebuildCures.connection(survivor)))"),
            .init(.setting, "primary_slot_name = \(SQLText.setting(slot))"),
            .init(.command, "touch \(rebuilt.directory)/standby.signal"),
        ]
        let stop = former.isUp ? [Finding.Cure(.command, "pg_ctl stop --pgdata=\(rebuilt.directory) --mode=fast")] : []
        switch way {
        case .follow:
            return atSurvivor + stop
                + [.init(.advice, "Before \(former.report.name) is started, so that it does not come back as a primary:")] + follow
        case .rewind, .undecided:
            let trial: [Finding.Cure] = [.init(.advice, "With --dry-run, pg_rewind tells whether it can, and whether it has to:")]
            return atSurvivor + stop + [.init(.advice, "Do not start \(former.report.name) before it is rewound.")] + trial
                + RebuildCures.rewind(rebuilt, from: survivor) + follow
        case .baseBackup:
            var rebuilt = rebuilt
            rebuilt.slot = slot
            return atSurvivor + stop + RebuildCures.baseBackup(rebuilt, from: survivor)
        }
    }

    private func byPatroni(_ way: FailbackVerdict.Way) -> [Finding.Cure] {
        if former.snapshot.role == .standby, !isSameCluster { return ofReplica() }
        guard !isSameCluster, let scope = rebuilt.scope else { return inCluster(way) }
        let slot = PatroniSlotName.derived(from: scope)
        var steps: [Finding.Cure] = [.init(.advice, "At \(survivor.target), a slot keeps the WAL that is written meanwhile:")]
        steps.append(
            survivor.cluster == nil
                ? .init(.sql, SlotRules.create(slot, .physical), at: survivor.target) : SlotRules.permanent(slot, .physical, survivor)
        )
        let address = survivor.member?.address ?? survivor.report.addresses.first ?? survivor.addresses.min()
        let host = SQLText.yaml(address?.host ?? "<\(survivor.target)>")
        let follow = Finding.Cure(
            .command,
            "patronictl edit-config \(SQLText.shell(scope)) --set "
                + SQLText.shell("standby_cluster={host: \(host), port: \(address?.port ?? 5432), primary_slot_name: \(slot)}")
        )
        switch way {
        case .baseBackup, .undecided:
            // A leader that is told to follow while it lives just does, with its own data, where pg_rewind sees nothing to do.
            steps.append(
                .init(
                    .advice,
                    "Stop Patroni on all members of \(scope), and do not tell them to follow before: one that lives would do so with the data it has."
                )
            )
            steps.append(.init(.advice, "While none of them runs; the DCS has to:"))
            return steps + [follow] + RebuildCures.baseBackup(rebuilt, from: survivor)
        case .follow, .rewind:
            steps.append(
                .init(
                    .advice,
                    "\(former.isUp ? "This demotes the other cluster's leader" : "Before Patroni starts there, or it promotes its own leader"):"
                )
            )
            return steps + [follow] + inCluster(way)
        }
    }

    /// What is left to do once the cluster is told whom to follow, or always was.
    private func inCluster(_ way: FailbackVerdict.Way) -> [Finding.Cure] {
        switch way {
        case .follow: return [.init(.advice, "Start Patroni at \(former.report.name): it follows.")]
        case .rewind, .undecided:
            var steps: [Finding.Cure] = []
            if former.cluster?.settings?.usesPgRewind == false, let scope = rebuilt.scope {
                steps.append(.init(.advice, "Patroni does not use pg_rewind in this cluster unless it is told to:"))
                steps.append(.init(.command, "patronictl edit-config \(SQLText.shell(scope)) --set postgresql.use_pg_rewind=true"))
            }
            steps.append(.init(.advice, "Start Patroni at \(former.report.name): it runs pg_rewind by itself. If that fails:"))
            return steps + RebuildCures.baseBackup(rebuilt, from: survivor)
        case .baseBackup: return RebuildCures.baseBackup(rebuilt, from: survivor)
        }
    }

    /// Of a member that was no leader: its own cluster has to follow first.
    private func ofReplica() -> [Finding.Cure] {
        let scope = rebuilt.scope ?? "its cluster"
        var replica = rebuilt
        replica.leads = false
        return [
            .init(
                .advice,
                "First bring the leader of \(scope) back, as its own finding says. Patroni then rewinds this member, where it uses pg_rewind. If this "
                    + "one does not stream after that:"
            )
        ] + RebuildCures.baseBackup(replica, from: survivor)
    }
}
