import ReplicationModel

/// All rules. Each is a pure function of what is known at one moment; what is unknown is never wrong.
package enum Findings {
    /// - Returns: the worst first, then by target, then by code.
    package static func all(of view: FleetView) -> [Finding] {
        let findings = rules.flatMap { $0(view) }
        // A finding without a target comes before those that have one. Equal ones remain in the order of their rules.
        return findings.enumerated().sorted { one, other in
            let (a, b) = (one.element, other.element)
            if a.severity != b.severity { return a.severity < b.severity }
            return (a.target ?? "", a.code.rawValue, one.offset) < (b.target ?? "", b.code.rawValue, other.offset)
        }.map(\.element)
    }

    private static let rules: [@Sendable (FleetView) -> [Finding]] = [
        ConnectionRules.targetDown,
        ConnectionRules.patroniDown,
        ConnectionRules.patroniMembersUnwatched,
        PrimaryRules.twoPrimaries,
        PrimaryRules.unresolvedSplits,
        FailbackRules.failback,
        PrimaryRules.roleMismatch,
        StandbyRules.slotMissingAtUpstream,
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
