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
        var steps: [Finding.Cure] = []
        if !isSameCluster, let scope = rebuilt.scope {
            let slot = PatroniSlotName.derived(from: scope)
            steps.append(.init(.advice, "At \(survivor.target), a slot keeps the WAL that is written meanwhile:"))
            steps.append(
                survivor.cluster == nil
                    ? .init(.sql, SlotRules.create(slot, .physical), at: survivor.target) : SlotRules.permanent(slot, .physical, survivor)
            )
            let address = survivor.member?.address ?? survivor.report.addresses.first ?? survivor.addresses.min()
            let host = SQLText.yaml(address?.host ?? "<\(survivor.target)>")
            steps.append(
                .init(
                    .advice,
                    "\(former.isUp ? "This demotes the other cluster's leader" : "Before Patroni starts there, or it promotes its own leader"):"
                )
            )
            steps.append(
                .init(
                    .command,
                    "patronictl edit-config \(SQLText.shell(scope)) --set "
                        + SQLText.shell("standby_cluster={host: \(host), port: \(address?.port ?? 5432), primary_slot_name: \(slot)}")
                )
            )
        }
        switch way {
        case .follow: steps.append(.init(.advice, "Start Patroni at \(former.report.name): it follows."))
        case .rewind, .undecided:
            if former.cluster?.settings?.usesPgRewind == false, let scope = rebuilt.scope {
                steps.append(.init(.advice, "Patroni does not use pg_rewind in this cluster unless it is told to:"))
                steps.append(.init(.command, "patronictl edit-config \(SQLText.shell(scope)) --set postgresql.use_pg_rewind=true"))
            }
            steps.append(.init(.advice, "Start Patroni at \(former.report.name): it runs pg_rewind by itself. If that fails:"))
            steps += RebuildCures.baseBackup(rebuilt, from: survivor)
        case .baseBackup: steps += RebuildCures.baseBackup(rebuilt, from: survivor)
        }
        return steps
    }
}
