import ReplicationModel

/// What is wrong with slots at the server that has them, or should have them.
enum SlotRules {
    static func missing(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { server -> [Finding] in
            var told: Set<String> = []
            let slots = server.snapshot.slots ?? []
            let missing = server.expectations.slots.filter { server.presence.isMissing($0) == true && server.stillExpects($0) }
            guard !missing.isEmpty else { return [] }
            let others = Dictionary(slots.map { ($0.name, $0) }) { first, _ in first }
            let sources = Dictionary(grouping: server.expectations.slots, by: \.name).mapValues { Set($0.map(\.source.rawValue)) }
            return missing.compactMap { expected -> Finding? in
                guard told.insert(expected.name).inserted else { return nil }
                let place = server.target(expecting: expected)
                var cures = [Finding.Cure(.sql, create(expected.name, expected.type ?? .physical), at: server.target)]
                if let other = others[expected.name] {
                    cures = [
                        .init(.advice, "A \(other.type.rawValue) slot has this name: find out who uses it, before it is dropped or renamed.")
                    ]
                } else if expected.type == .logical {
                    cures = [
                        .init(.advice, "Only its consumer can create a logical slot so that nothing is left out, for example CREATE SUBSCRIPTION.")
                    ]
                }
                if server.cluster != nil { cures.append(permanent(expected.name, expected.type ?? .physical, server)) }
                return Finding(
                    .slotMissing,
                    // As the metric has it: a virtual address may expect what its server does not.
                    target: place,
                    slot: expected.name,
                    summary: "Slot \(expected.name) is expected at \(place) and does not exist.",
                    evidence: [
                        .init("expected by", sources[expected.name, default: []].sorted().joined(separator: ", ")),
                        .init("role of \(server.target)", server.snapshot.role.rawValue),
                        .init("pg_replication_slots at \(server.target)", HumanText.list(slots.lazy.map { "\($0.name) (\($0.type.rawValue))" })),
                    ],
                    cures: cures
                )
            }
        }
    }

    static func lost(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            guard slot.isInvalidated else { return nil }
            let isSynced = slot.isSynced == true
            var cures: [Finding.Cure] = []
            if isSynced {
                cures.append(.init(.advice, "The slot is a copy: once it is valid at the primary, the server drops this one and makes it anew."))
            } else {
                cures = [check(slot.name), drop(slot.name)]
                if slot.type == .physical {
                    cures.append(.init(.sql, create(slot.name, .physical)))
                    cures.append(
                        .init(.advice, "If its standby lacks WAL that is gone, it needs an archive (restore_command) or a new base backup.")
                    )
                } else {
                    cures.append(.init(.advice, "Its consumer has to begin anew: create the slot and copy the data again."))
                }
            }
            var evidence = [Finding.Evidence("wal_status", slot.walStatus?.rawValue ?? "NULL")]
            if let reason = slot.invalidationReason { evidence.append(.init("invalidation_reason", reason.rawValue)) }
            evidence.append(.init("restart_lsn", slot.restart?.description ?? "NULL"))
            if let limit = server.snapshot.settings?.maxSlotWALKeepSizeBytes {
                evidence.append(.init("max_slot_wal_keep_size", HumanText.bytes(limit)))
            }
            return Finding(
                isSynced ? .slotLostCopy : .slotLost,
                target: server.target,
                slot: slot.name,
                summary: "Slot \(slot.name) at \(server.target) is invalidated and can never be used again.",
                evidence: evidence,
                cures: cures
            )
        }
    }

    static func inactive(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            guard !slot.isActive, slot.retainedBytes != nil, slot.isSynced != true else { return nil }
            if server.snapshot.role == .standby {
                // One that is the standby's own is in the way, which is told of by itself.
                guard slot.isFailover != true else { return nil }
                // A left-over has a finding of its own, and a slot that is kept in reserve on every member is inactive on a standby.
                guard slot.type == .logical || isExpected(slot, at: server) == true else { return nil }
                let expected = server.expectations.slots.filter { $0.name == slot.name && $0.scope != .primary }
                guard !isKeptInReserve(slot, at: server), expected.allSatisfy({ $0.scope == .standby }) else { return nil }
            }
            let isEndangered = slot.isAboutToBeLost || isLostSoon(slot) && slot.retainedAge.map({ $0 > restart }) == true
            let (target, now) = (server.target, view.now)
            let isMuch = keepsMuch(slot)
            // There may be a thousand: only what keeps much needs all that is known of its server.
            let snapshot = isMuch ? server.snapshot : nil
            return Finding(isEndangered ? .slotEndangered : isMuch ? .slotInactive : .slotUnused, target: target, slot: slot.name) {
                Finding.Words(
                    isEndangered
                        ? "Slot \(slot.name) at \(target) is not in use and about to be lost: \(whenLost(slot))."
                        : "Slot \(slot.name) at \(target) is not in use and keeps \(retained(slot)) of WAL.",
                    holding(slot) + (snapshot.map { RetentionText.evidence($0, slot: slot.name, now: now) } ?? []),
                    [
                        .init(.advice, "Find out why its consumer is not connected. Only if it is not to come back:"),
                        check(slot.name),
                        drop(slot.name),
                    ]
                )
            }
        }
    }

    /// How long a consumer may be away that restarts, in seconds, by the age of the WAL that it has not got: as long as the alert waits.
    private static let restart = 60.0

    /// How old the WAL is that a consumer keeps which does not keep up, in seconds: of one that does, the time left is the whole budget.
    private static let behind = 300.0

    static func aboutToBeLost(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            guard slot.isActive, !slot.isInvalidated, slot.isSynced != true,
                slot.isAboutToBeLost || isLostSoon(slot) && slot.retainedAge.map({ $0 > behind }) == true
            else { return nil }
            return Finding(
                .slotAboutToBeLost,
                target: server.target,
                slot: slot.name,
                summary: "Slot \(slot.name) at \(server.target) is in use and about to be lost, for its consumer is too slow: \(whenLost(slot)).",
                evidence: [.init("active", "true")] + kept(slot, server),
                cures: [
                    .init(.advice, "Find out what holds its consumer up. To gain time, where the disk has room:"),
                    .init(.setting, "max_slot_wal_keep_size = '<more>'"),
                ]
            )
        }
    }

    private static func isLostSoon(_ slot: Slot) -> Bool {
        slot.timeToLost.map { $0 < Verdict.Threshold.timeToLost.value } ?? false
    }

    private static func whenLost(_ slot: Slot) -> String {
        guard slot.walStatus != .unreserved, let left = slot.timeToLost else { return "the WAL it needs may go at the next checkpoint" }
        return "at the present rate of WAL in \(HumanText.duration(left))"
    }

    static func withoutReserve(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            guard slot.type == .physical, slot.restart == nil, !slot.isInvalidated else { return nil }
            return Finding(
                .slotWithoutReserve,
                target: server.target,
                slot: slot.name,
                summary: "Slot \(slot.name) at \(server.target) reserves no WAL: nothing is kept for a standby that is not connected yet.",
                evidence: [.init("restart_lsn", "NULL"), .init("active", slot.isActive ? "true" : "false")],
                cures: slot.isActive
                    ? [.init(.advice, "The first reply of its standby reserves WAL. If none comes, look at the standby.")]
                    : [
                        .init(.advice, "The first connection of its standby reserves WAL. To reserve from now on:"),
                        check(slot.name),
                        drop(slot.name),
                        .init(.sql, create(slot.name, .physical)),
                    ]
            )
        }
    }

    /// Many keep slots on standbys on purpose, and move them on: those hold less than the thresholds. Only physical ones: logical slots may be copies that a failover needs, and those that are not are told of as inactive.
    static func leftOver(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            // A permanent slot that was added to Patroni's configuration is made on replicas before Patroni is asked again; on one that was idle it begins
            // at an old restartpoint.
            guard server.snapshot.role == .standby, slot.type == .physical, !slot.isActive, keepsMuch(slot), isExpected(slot, at: server) == false,
                server.isOlderThanConfiguration(slot.name)
            else { return nil }
            return Finding(
                .slotLeftOver,
                target: server.target,
                slot: slot.name,
                summary: "Slot \(slot.name) was left over at standby \(server.target), where nobody uses it, and keeps \(retained(slot)) of WAL.",
                evidence: [.init("pg_is_in_recovery() at \(server.target)", "true")] + holding(slot)
                    + RetentionText.evidence(server.snapshot, slot: slot.name, now: view.now),
                cures: [
                    .init(.advice, "Make sure that no standby is meant to stream from \(server.target) through it. Then drop it there."),
                    check(slot.name),
                ]
            )
        }
    }

    static func notPermanent(_ view: FleetView) -> [Finding] {
        each(view) { server, slot in
            // Patroni may have been told of a new slot since it was asked last.
            guard let cluster = server.cluster, let settings = cluster.settings, server.isLeader,
                slot.isFailover != true, slot.isSynced != true, !server.permanentSlots.contains(slot.name), !server.memberSlots.contains(slot.name),
                !cluster.retainedSlots.contains(slot.name), server.isOlderThanConfiguration(slot.name)
            else { return nil }
            let isIgnored = settings.ignoredSlots.contains(slot.name)
            return Finding(
                isIgnored ? .slotIgnored : .slotNotPermanent,
                target: server.target,
                slot: slot.name,
                summary: isIgnored
                    ? "Slot \(slot.name) at leader \(server.target) is ignored by Patroni: a switchover leaves it behind there, keeping WAL."
                    : "Slot \(slot.name) at leader \(server.target) is unknown to Patroni: a switchover loses it, "
                        + "and so does a restart of Patroni while it is not in use.",
                evidence: [
                    .init("slots in Patroni's configuration of \(cluster.name)", HumanText.list(settings.permanentSlots.lazy.map(\.name))),
                    .init("members of \(cluster.name)", HumanText.list(cluster.members.lazy.map(\.name))),
                    .init("active", slot.isActive ? "true" : "false"),
                ],
                cures: [permanent(slot.name, slot.type, server, plugin: slot.plugin, database: slot.database)]
            )
        }
    }

    static func unlimitedRetention(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            guard server.isPrimary, let settings = server.snapshot.settings, settings.maxSlotWALKeepSizeBytes == nil,
                let slots = server.snapshot.slots?.filter({ !$0.isTemporary && !$0.isServersOwn }), !slots.isEmpty
            else { return nil }
            var evidence = [Finding.Evidence("max_slot_wal_keep_size", "-1"), .init("slots", HumanText.list(slots.map(\.name)))]
            if let most = slots.compactMap(\.retainedBytes).max() {
                evidence.append(.init("retained by the slot that keeps most", HumanText.bytes(most)))
            }
            if let free = server.snapshot.walFilesystem?.availableBytes {
                evidence.append(.init("available on the filesystem of pg_wal", HumanText.bytes(free)))
            }
            return Finding(
                .slotRetentionUnlimited,
                target: server.target,
                summary: "Slots at \(server.target) may keep WAL until its disk is full.",
                evidence: evidence,
                cures: [
                    .init(.advice, "Choose what the longest outage to be survived needs, and what leaves the disk some room, for example:"),
                    .init(.setting, "max_slot_wal_keep_size = '50GB'"),
                ]
            )
        }
    }

    /// SQL that creates a slot, a physical one with WAL reserved from now on.
    static func create(_ name: String, _ type: Slot.SlotType) -> String {
        switch type {
        case .physical: "SELECT pg_create_physical_replication_slot(\(SQLText.literal(name)), true);"
        case .logical: "SELECT pg_create_logical_replication_slot(\(SQLText.literal(name)), 'pgoutput');"
        }
    }

    /// The change of Patroni's configuration that makes a slot permanent.
    static func permanent(_ name: String, _ type: Slot.SlotType, _ server: FleetServer, plugin: String? = nil, database: String? = nil)
        -> Finding.Cure
    {
        var entry = "{type: \(type.rawValue)"
        if type == .logical { entry += ", database: \(SQLText.yaml(database ?? "postgres")), plugin: \(SQLText.yaml(plugin ?? "pgoutput"))" }
        return .init(
            .command,
            "patronictl edit-config \(SQLText.shell(server.scope)) --set \(SQLText.shell("slots.\(name)=\(entry)}"))",
            at: server.target
        )
    }

    /// The statement that drops a slot.
    static func drop(_ name: String) -> Finding.Cure {
        .init(.sql, "SELECT pg_drop_replication_slot(\(SQLText.literal(name)));", .destructive)
    }

    /// What the slot is now: it may have been used, or made anew, since.
    private static func check(_ name: String) -> Finding.Cure {
        .init(.sql, "SELECT active, restart_lsn, wal_status FROM pg_replication_slots WHERE slot_name = \(SQLText.literal(name));", .check)
    }

    private static func each(_ view: FleetView, _ rule: (FleetServer, Slot) -> Finding?) -> [Finding] {
        var found: [Finding] = []
        for server in view.servers {
            // One by one: there may be a thousand, every scrape judges them, and copies of them all would take most of the time.
            for slot in server.snapshot.slots ?? [] where !slot.isTemporary && !slot.isServersOwn {
                if let finding = rule(server, slot) { found.append(finding) }
            }
        }
        return found
    }

    /// Whether somebody wants this slot at this server; nil when Patroni may, and has not told.
    private static func isExpected(_ slot: Slot, at server: FleetServer) -> Bool? {
        if server.expectations.slots.contains(where: { $0.name == slot.name && $0.scope.applies(to: server.snapshot.role) }) { return true }
        guard server.report.membership != nil else { return false }
        guard server.cluster?.settings != nil else { return nil }
        return isKeptInReserve(slot, at: server)
    }

    /// Whether Patroni keeps the slot on standbys too, inactive and advancing, for the next leader: from 4.0 on.
    private static func isKeptInReserve(_ slot: Slot, at server: FleetServer) -> Bool {
        guard let cluster = server.cluster, cluster.settings != nil else { return false }
        if server.permanentSlots.contains(slot.name) || cluster.retainedSlots.contains(slot.name) { return true }
        guard cluster.version.map({ $0.major >= 4 }) ?? true else { return false }
        return server.memberSlots.contains(slot.name)
    }

    /// Whether a slot keeps more, or older, WAL than an inactive one may.
    private static func keepsMuch(_ slot: Slot) -> Bool {
        guard let bytes = slot.retainedBytes else { return false }
        return Double(bytes) > Verdict.Threshold.slotInactiveBytes.value
            || slot.retainedAge.map { $0 > Verdict.Threshold.slotInactiveAge.value } == true
    }

    private static func retained(_ slot: Slot) -> String {
        slot.retainedBytes.map(HumanText.bytes) ?? "an unknown amount"
    }

    private static func holding(_ slot: Slot) -> [Finding.Evidence] {
        [.init("active", "false")] + kept(slot, nil)
    }

    private static func kept(_ slot: Slot, _ server: FleetServer?) -> [Finding.Evidence] {
        var evidence: [Finding.Evidence] = [
            .init("restart_lsn", slot.restart?.description ?? "NULL"),
            .init("retained WAL", retained(slot)),
        ]
        if let limit = server?.snapshot.settings?.maxSlotWALKeepSizeBytes { evidence.append(.init("max_slot_wal_keep_size", HumanText.bytes(limit))) }
        if let left = slot.timeToLost { evidence.append(.init("time left at the present rate of WAL", HumanText.duration(left))) }
        if let status = slot.walStatus { evidence.append(.init("wal_status", status.rawValue)) }
        if let safe = slot.safeWALBytes { evidence.append(.init("safe_wal_size", HumanText.bytes(safe))) }
        if let since = slot.inactiveSince { evidence.append(.init("inactive since", HumanText.time(since))) }
        return evidence
    }
}

extension FleetServer {
    /// Whether Patroni and the server agree that it leads its cluster: while they do not, a switchover is under way.
    var isLeader: Bool {
        guard let member else { return false }
        return isPrimary ? member.isLeader : member.isStandbyLeader
    }

    /// Patroni's scope, by which patronictl knows the cluster: Patroni sets cluster_name to it.
    var scope: String {
        let name = snapshot.identity.clusterName
        return name.isEmpty ? report.membership?.cluster ?? "" : name
    }
}

extension FleetServer {
    /// Whether Patroni's configuration was read after a slot was found to be there.
    fileprivate func isOlderThanConfiguration(_ slot: String) -> Bool {
        guard let record = snapshot.slotRecords.first(where: { $0.name == slot }), let readAt = cluster?.readAt else { return true }
        return readAt > record.seenSince
    }

    /// Whether what Patroni wanted was read after the slot was found to be gone: Patroni drops one that it is to keep no longer, and is asked now and then.
    fileprivate func stillExpects(_ slot: ExpectedSlot) -> Bool {
        guard slot.source == .patroni, let readAt = cluster?.readAt,
            let gone = snapshot.slotRecords.first(where: { $0.name == slot.name })?.goneSince
        else { return true }
        return readAt > gone
    }
}
