import ReplicationModel

/// One cause, one message: what follows from another finding stands under it.
struct Consequences {
    /// What may follow from what; the first that fits is the cause.
    private static let order: [(cause: FindingCode, consequences: Set<FindingCode>)] = [
        (.targetDown, [.standbyMissing, .slotInactive]),
        (.linkSilent, [.standbyNotStreaming, .standbyMissing, .slotInactive]),
        (.slotMissingAtUpstream, [.standbyNotStreaming, .standbyMissing]),
        (.walGoneAtUpstream, [.standbyNotStreaming, .standbyMissing, .slotInactive]),
        (.standbyNotStreaming, [.standbyMissing, .slotInactive]),
        (.standbyMissing, [.slotInactive]),
    ]

    private let byCode: [FindingCode: [Int]]
    /// Those that say of a standby that it is not there, by its name.
    private let byStandby: [String: [Int]]
    /// Slots that nobody uses, by their name.
    private let bySlot: [String: [Int]]
    /// By target, the slot that Patroni makes for it.
    private let memberSlots: [String: String]

    /// The findings, each that follows from another one with its cause.
    static func folded(_ findings: [Finding], _ view: FleetView) -> [Finding] {
        // Looked for first: a server with a thousand unused slots and nothing else costs no more than this look.
        guard findings.contains(where: { finding in order.contains { $0.cause == finding.code } }) else { return findings }
        let index = Consequences(findings, view)
        var folded = findings
        for (code, consequences) in order {
            for position in index.byCode[code] ?? [] {
                let cause = findings[position]
                // What follows from a consequence stands under the first cause of all.
                let root = folded[position].cause ?? cause.asCause
                for other in index.candidates(of: cause)
                where other != position && folded[other].cause == nil && consequences.contains(findings[other].code)
                    && index.mayFollow(findings[other], cause)
                {
                    folded[other].cause = root
                }
            }
        }
        return folded
    }

    private init(_ findings: [Finding], _ view: FleetView) {
        byCode = Dictionary(grouping: findings.indices) { findings[$0].code }
        let standbys = findings.indices.filter { [.standbyNotStreaming, .standbyMissing].contains(findings[$0].code) }
        byStandby = Dictionary(grouping: standbys) { findings[$0].standby ?? "" }
        bySlot = Dictionary(grouping: byCode[.slotInactive] ?? []) { findings[$0].slot ?? "" }
        let members = view.reports.lazy.compactMap { report in report.membership.map { (report.name, PatroniSlotName.derived(from: $0.member)) } }
        memberSlots = Dictionary(members) { first, _ in first }
    }

    /// What may be about the same standby: what names it, and the slot that it is told to use, or that Patroni makes for it.
    private func candidates(of cause: Finding) -> [Int] {
        guard let standby = Self.standby(of: cause) else { return [] }
        let slots = Set([cause.slot, memberSlots[standby]].compactMap(\.self))
        return (byStandby[standby] ?? []) + slots.flatMap { bySlot[$0] ?? [] }
    }

    private static func standby(of cause: Finding) -> String? {
        cause.code == .targetDown ? cause.target : cause.standby ?? cause.target
    }

    /// What is worse than its cause, or gets worse while that lasts and wants something else to be done, is told for itself.
    private func mayFollow(_ finding: Finding, _ cause: Finding) -> Bool {
        guard finding.severity >= cause.severity else { return false }
        guard finding.code == .slotInactive else { return true }
        guard finding.severity != .critical else { return false }
        // Slots of one name are at several servers.
        return cause.upstream == nil || cause.upstream == finding.target || Self.standby(of: cause).flatMap { memberSlots[$0] } == finding.slot
    }
}
