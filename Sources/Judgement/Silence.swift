/// What somebody said of a finding: it is meant, or known, until then. The finding is shown as silenced, not hidden.
package struct Silence: Sendable, Hashable {
    package var code: FindingCode
    /// nil: at any target.
    package var target: String?
    /// nil: of any slot, and of none.
    package var slot: String?
    /// Unix time; from then on it counts no more.
    package var until: Double
    /// Why, in words for people.
    package var reason: String

    package init(_ code: FindingCode, target: String? = nil, slot: String? = nil, until: Double, reason: String) {
        self.code = code
        self.target = target
        self.slot = slot
        self.until = until
        self.reason = reason
    }

    package func isEnded(at now: Double) -> Bool { now >= until }

    /// Whether a finding is meant. Its server may be known by several targets, of which any may be named.
    func applies(to finding: Finding, of targets: [String]) -> Bool {
        code == finding.code && (slot == nil || slot == finding.slot)
            && (target.map { [finding.target, finding.standby].contains($0) || targets.contains($0) } ?? true)
    }
}
