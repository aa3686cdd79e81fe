import ReplicationModel

/// What is wrong with the copies that standbys keep of their primary's logical slots (17+), and with whom logical consumers wait for.
enum SlotSynchronizationRules {
    /// How long a new slot may take: the worker sleeps for up to half a minute between two rounds, and a copy lasts only once the consumer moves.
    private static let tolerated = 300.0

    /// A failover slot of which no standby has a copy that would be there after a failover.
    static func unsynchronized(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { primary -> [Finding] in
            guard primary.isPrimary, let slots = primary.snapshot.slots else { return [] }
            let failoverSlots = slots.filter { $0.isFailover == true && !$0.isTemporary && !$0.isInvalidated }
            guard !failoverSlots.isEmpty, let standbys = candidates(of: primary, view) else { return [] }
            let since = Dictionary(primary.snapshot.slotRecords.map { ($0.name, $0.seenSince) }) { first, _ in first }
            return failoverSlots.compactMap { slot in
                let copies = standbys.map { standby in standby.snapshot.slots?.first { $0.name == slot.name } }
                guard copies.allSatisfy({ $0?.isFailoverReady != true }) else { return nil }
                // Where nothing is synchronised at all there is nothing to wait for.
                let isOff = standbys.allSatisfy { standby in
                    standby.snapshot.settings?.syncReplicationSlots == false && standby.snapshot.slots?.contains { $0.isSynced == true } == false
                }
                guard isOff || since[slot.name].map({ view.now - $0 >= tolerated }) == true else { return nil }
                var evidence = [Finding.Evidence("failover", "true"), .init("active", slot.isActive ? "true" : "false")]
                for (standby, copy) in zip(standbys, copies) {
                    evidence.append(.init("slot \(slot.name) at \(standby.target)", state(of: copy)))
                    evidence += settings(of: standby)
                }
                return Finding(
                    .failoverSlotUnsynchronized,
                    target: primary.target,
                    slot: slot.name,
                    standby: standbys.count == 1 ? standbys[0].target : nil,
                    summary: "No standby of \(primary.target) keeps a copy of failover slot \(slot.name): the next failover loses its consumer.",
                    evidence: evidence,
                    cures: [
                        .init(
                            .advice,
                            "At each standby that may take over, with a dbname in primary_conninfo and a physical slot of its own (primary_slot_name):"
                        ),
                        .init(.setting, "sync_replication_slots = on"),
                        .init(.setting, "hot_standby_feedback = on"),
                        .init(.advice, "A copy lasts only once the consumer has confirmed something new. The standby's log says why there is none."),
                    ]
                )
            }
        }
    }

    /// The standbys that one of which would take over; nil when there are none, or any that is not watched may have the copy.
    private static func candidates(of primary: FleetServer, _ view: FleetView) -> [FleetServer]? {
        let standbys = view.servers(of: primary.systemIdentifier).filter { $0.snapshot.role == .standby }
        guard !standbys.isEmpty, let walsenders = primary.snapshot.walsenders, primary.snapshot.hiddenWalsenders == 0,
            standbys.allSatisfy({ $0.snapshot.slots != nil && $0.snapshot.settings != nil })
        else { return nil }
        let logical = Set((primary.snapshot.slots ?? []).filter { $0.type == .logical }.map(\.name))
        let known = zip(walsenders, view.receivers(at: primary)).allSatisfy { walsender, receiver in
            receiver != nil || walsender.state == .backup || walsender.replayed == nil || walsender.slotName.map(logical.contains) == true
        }
        return known ? standbys : nil
    }

    private static func state(of copy: Slot?) -> String {
        guard let copy else { return "none" }
        if copy.isInvalidated { return "invalidated" }
        if copy.isSynced != true { return "its own, no copy" }
        return copy.isTemporary ? "not kept yet (temporary)" : "a copy"
    }

    private static func settings(of standby: FleetServer) -> [Finding.Evidence] {
        var evidence: [Finding.Evidence] = []
        let settings = standby.snapshot.settings
        for (name, value) in [
            ("sync_replication_slots", settings?.syncReplicationSlots), ("hot_standby_feedback", settings?.hotStandbyFeedback),
            ("primary_slot_name is set", standby.snapshot.receiver?.hasSlotName),
        ] {
            if let value { evidence.append(.init("\(name) at \(standby.target)", value ? "on" : "off")) }
        }
        return evidence
    }

    /// A standby's own failover slot, from when it was a primary: on a standby none can be made. The worker that synchronises slots ends at it.
    static func ownSlotInTheWay(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { standby -> [Finding] in
            guard standby.snapshot.role == .standby, standby.snapshot.settings?.syncReplicationSlots != false else { return [] }
            let own = (standby.snapshot.slots ?? []).filter { $0.isFailover == true && $0.isSynced == false && !$0.isTemporary }
            guard !own.isEmpty else { return [] }
            let primary = view.primary(of: standby.systemIdentifier)
            return own.map { slot in
                let original = primary?.snapshot.slots?.first { $0.name == slot.name && $0.isFailover == true && !$0.isInvalidated }
                // Nobody needs it: the consumer's slot is at the primary, whose data this standby follows.
                let isSuperseded = original != nil && !slot.isActive && standby.isStreaming == true
                var evidence: [Finding.Evidence] = [
                    .init("pg_is_in_recovery() at \(standby.target)", "true"), .init("failover", "true"), .init("synced", "false"),
                    .init("active", slot.isActive ? "true" : "false"),
                ]
                if let primary {
                    evidence.append(.init("failover slot \(slot.name) at primary \(primary.target)", original == nil ? "none" : "there"))
                }
                let check =
                    "SELECT slot_name, pg_is_in_recovery(), failover, synced, active FROM pg_replication_slots WHERE slot_name = \(SQLText.literal(slot.name));"
                return Finding(
                    .failoverSlotInTheWay,
                    target: standby.target,
                    slot: slot.name,
                    standby: standby.target,
                    upstream: primary?.target,
                    summary: "Slot \(slot.name) at standby \(standby.target) is its own, from when it was a primary: while it is there, no slot is "
                        + "synchronized to \(standby.target).",
                    evidence: evidence,
                    cures: isSuperseded
                        ? [
                            .init(
                                .advice,
                                "The consumer's slot is at \(primary?.target ?? "the primary"). At \(standby.target), see once more that this is in recovery, not synced and not active:"
                            ),
                            .init(.sql, check, .check),
                            SlotRules.drop(slot.name),
                        ]
                        : [
                            .init(
                                .advice,
                                "Find out who uses it. It can go once its consumer has its slot at the primary, and this server follows that primary."
                            ),
                            .init(.sql, check),
                        ]
                )
            }
        }
    }

    /// How long a standby may be away, as when it restarts, unless consumers are seen waiting.
    private static let toleratedAbsence = 60.0

    static func consumersWait(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { server -> [Finding] in
            guard let named = server.snapshot.synchronizedStandbySlots, !named.isEmpty, let slots = server.snapshot.slots else { return [] }
            let consumers = slots.filter { $0.isFailover == true && $0.type == .logical && !$0.isInvalidated }
            guard !consumers.isEmpty else { return [] }
            let waiting = server.snapshot.commitWaits?.confirmations
            return named.compactMap { entry in
                guard let problem = entry.problem else { return nil }
                let slot = slots.first { $0.name == entry.name }
                if problem == .inactive, (waiting ?? 0) == 0 {
                    // By the server's clock. Where that is unknown, a standby that restarts could pass for one that is away.
                    guard let offset = server.snapshot.clockOffset, let since = slot?.inactiveSince,
                        view.now + offset - since > toleratedAbsence
                    else { return nil }
                }
                var evidence: [Finding.Evidence] = [
                    .init("synchronized_standby_slots", HumanText.list(named.map(\.name))),
                    .init("slot \(entry.name)", problem.rawValue),
                    .init("failover slots whose consumers wait", HumanText.list(consumers.map(\.name))),
                ]
                if let waiting { evidence.append(.init("sessions in WaitForStandbyConfirmation", "\(waiting)")) }
                if let restart = slot?.restart { evidence.append(.init("restart_lsn", restart.description)) }
                if let since = slot?.inactiveSince { evidence.append(.init("inactive since", HumanText.time(since))) }
                return Finding(
                    .synchronizedSlotBlocks,
                    target: server.target,
                    slot: entry.name,
                    summary:
                        "Slot \(entry.name) is named in synchronized_standby_slots at \(server.target) and \(words(problem)): all consumers of failover "
                        + "slots wait for it.",
                    evidence: evidence,
                    cures: cures(problem, entry.name, named.map(\.name), server)
                )
            }
        }
    }

    private static func words(_ problem: SynchronizedStandbySlot.Problem) -> String {
        switch problem {
        case .missing: "does not exist"
        case .lost: "is lost"
        case .logical: "is not a physical slot"
        case .inactive: "is not in use"
        }
    }

    private static func cures(_ problem: SynchronizedStandbySlot.Problem, _ name: String, _ names: [String], _ server: FleetServer) -> [Finding.Cure]
    {
        var cures: [Finding.Cure] =
            switch problem {
            case .missing:
                [.init(.advice, "If a standby is to use it:"), .init(.sql, SlotRules.create(name, .physical))]
            case .lost: [.init(.advice, "Its standby cannot go on without the WAL that is gone: see slot_lost.")]
            case .logical: [.init(.advice, "Name the slot through which the standby streams.")]
            case .inactive: [.init(.advice, "Bring back the standby that streams through it.")]
            }
        let rest = names.filter { $0 != name }.map { "\"\($0)\"" }.joined(separator: ", ")
        cures.append(.init(.advice, "To let the consumers go on without it, at the price that they may be ahead of that standby when it takes over:"))
        if server.report.membership == nil {
            cures.append(.init(.sql, "ALTER SYSTEM SET synchronized_standby_slots = \(rest.isEmpty ? "''" : rest);"))
            cures.append(.init(.sql, "SELECT pg_reload_conf();"))
        } else {
            cures.append(.init(.advice, "Take it out of synchronized_standby_slots in Patroni's configuration."))
        }
        return cures
    }
}
