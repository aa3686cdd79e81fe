import ReplicationModel

/// All rules. Each is a pure function of what is known at one moment; what is unknown is never wrong.
package enum Findings {
    /// - Returns: the worst first, then by target, then by code; those that are silenced at the end.
    package static func all(of view: FleetView) -> [Finding] {
        var findings = Consequences.folded(rules.flatMap { $0(view) }, view)
        if view.hasUndecided { findings = findings.map { undecided($0, view) } }
        if !view.silences.isEmpty { findings = findings.map { silenced($0, view) } }
        // By their places, for findings are large to move about. Without a target comes before those that have one. Equal ones remain in the order
        // of their rules.
        let order = findings.indices.sorted { one, other in
            findings[one].precedes(findings[other]) ?? (one < other)
        }
        return order.map { findings[$0] }
    }

    private static func silenced(_ finding: Finding, _ view: FleetView) -> Finding {
        var finding = finding
        let targets = finding.target.flatMap(view.server(ofTarget:))?.targets ?? []
        finding.silence = view.silences.first { !$0.isEnded(at: view.now) && $0.applies(to: finding, of: targets) }
        return finding
    }

    /// Nothing is destroyed in a system of which it is not decided whose data live.
    private static func undecided(_ finding: Finding, _ view: FleetView) -> Finding {
        guard let server = finding.target.flatMap(view.server(ofTarget:)), view.isUndecided(server.systemIdentifier) else { return finding }
        return finding.withholdingDestruction("Two primaries of this system are alive. Decide first which one keeps its data.")
    }

    private static let rules: [@Sendable (FleetView) -> [Finding]] = [
        ConnectionRules.targetDown,
        ConnectionRules.patroniDown,
        ConnectionRules.dcsUnreachable,
        ConnectionRules.patroniMembersUnwatched,
        PrimaryRules.twoPrimaries,
        PrimaryRules.unresolvedSplits,
        FailbackRules.failback,
        PrimaryRules.roleMismatch,
        StandbyRules.slotMissingAtUpstream,
        LinkRules.silent,
        LinkRules.ended,
        StandbyRules.notStreaming,
        StandbyRules.walGone,
        StandbyRules.diverged,
        StandbyRules.timelineBehind,
        StandbyRules.replayPaused,
        SlotRules.missing,
        SlotRules.lost,
        RememberedSlotRules.recreated,
        SlotSynchronizationRules.consumersWait,
        SlotSynchronizationRules.unsynchronized,
        SlotSynchronizationRules.ownSlotInTheWay,
        SlotRules.inactive,
        SlotRules.aboutToBeLost,
        SlotRules.leftOver,
        SlotRules.withoutReserve,
        SlotRules.notPermanent,
        SlotRules.unlimitedRetention,
        FailbackRules.rewindNotReady,
        ConnectionRules.standbyMissing,
        ConnectionRules.syncNotSatisfied,
        ConnectionRules.archiverFailing,
        ConnectionRules.archiveBacklogOld,
        ConnectionRules.privilegeMissing,
        WALFilesystemRules.unread,
        RetentionRules.kept,
    ]
}

extension Finding {
    /// Whether it is to be read before another one; nil when that is all the same.
    fileprivate func precedes(_ other: Finding) -> Bool? {
        if (silence == nil) != (other.silence == nil) { return silence == nil }
        if severity != other.severity { return severity < other.severity }
        if code.isDecidedFirst != other.code.isDecidedFirst { return code.isDecidedFirst }
        if target != other.target { return target ?? "" < other.target ?? "" }
        return code == other.code ? nil : code.rawValue < other.code.rawValue
    }
}

extension FindingCode {
    /// What depends on whose data live can only be done after that.
    fileprivate var isDecidedFirst: Bool { self == .twoPrimaries }
}
