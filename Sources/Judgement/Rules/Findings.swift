import ReplicationModel

/// All rules. Each is a pure function of what is known at one moment; what is unknown is never wrong.
package enum Findings {
    /// - Returns: the worst first, then by target, then by code; those that are silenced at the end.
    package static func all(of view: FleetView) -> [Finding] {
        let findings = Consequences.folded(rules.flatMap { $0(view) }, view).map { silenced(undecided($0, view), view) }
        // A finding without a target comes before those that have one. Equal ones remain in the order of their rules.
        return findings.enumerated().sorted { one, other in
            let (a, b) = (one.element, other.element)
            if (a.silence == nil) != (b.silence == nil) { return a.silence == nil }
            if a.severity != b.severity { return a.severity < b.severity }
            if a.code.isDecidedFirst != b.code.isDecidedFirst { return a.code.isDecidedFirst }
            return (a.target ?? "", a.code.rawValue, one.offset) < (b.target ?? "", b.code.rawValue, other.offset)
        }.map(\.element)
    }

    private static func silenced(_ finding: Finding, _ view: FleetView) -> Finding {
        guard !view.silences.isEmpty else { return finding }
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
    ]
}

extension FindingCode {
    /// What depends on whose data live can only be done after that.
    fileprivate var isDecidedFirst: Bool { self == .twoPrimaries }
}
