import Judgement
import ReplicationModel

/// What is wrong, as a part of the page: each finding with what it was concluded from, and what to do.
struct FindingList: Sendable {
    /// A page of a thousand servers shall still be a page; `/api/v1/topology` has them all.
    private static let limit = 100

    private let findings: [Finding]
    private let silenced: [Finding]
    /// Silences that count no more, and that somebody should take out of the configuration, or think about.
    private let ended: [Silence]

    init(_ findings: [Finding], silences: [Silence] = [], now: Double = 0) {
        self.findings = findings.filter { $0.silence == nil }
        silenced = findings.filter { $0.silence != nil }
        ended = silences.filter { $0.isEnded(at: now) }
    }

    var html: String {
        let list = findings.isEmpty ? "<p class=\"fine\">Nothing is found to be wrong.</p>" : "<h2>Findings</h2>\n\(shown(findings))"
        let known = silenced.isEmpty ? "" : "\n<h2>Silenced</h2>\n\(shown(silenced))"
        return list + known + ended.map { "\n<p class=\"ended\">\(Self.words($0))</p>" }.joined()
    }

    private func shown(_ findings: [Finding]) -> String {
        let causes = Set(findings.map(\.asCause))
        let consequences = Dictionary(grouping: findings.filter { $0.cause.map(causes.contains) ?? false }, by: { $0.cause! })
        let shown = findings.lazy.filter { !($0.cause.map(causes.contains) ?? false) }.prefix(Self.limit)
            .map { html($0, consequences: consequences[$0.asCause] ?? []) }.joined(separator: "\n")
        let rest = findings.count > Self.limit ? "\n<p>and \(findings.count - Self.limit) more: <a href=\"/api/v1/topology\">all of them</a></p>" : ""
        return shown + rest
    }

    private static func words(_ silence: Silence) -> String {
        let place = [silence.target, silence.slot].compactMap(\.self).map { " · \($0)" }.joined()
        return LandingPage.escaped("The silence of \(silence.code.rawValue)\(place) ended \(HumanText.time(silence.until)): \(silence.reason)")
    }

    private func html(_ finding: Finding, consequences: [Finding]) -> String {
        let escaped = LandingPage.escaped
        let target = finding.target.map { " · \(escaped($0))" } ?? ""
        let suspected = finding.confidence == .suspected ? " · suspected" : ""
        let evidence = finding.evidence.map { "<li>\(escaped($0.name)): \(escaped($0.value))</li>" }.joined()
        let silence = finding.silence.map { "\n<p>Silenced until \(HumanText.time($0.until)): \(escaped($0.reason))</p>" } ?? ""
        return """
            <div class="finding \(finding.severity.rawValue)">
            <p><span class="code">\(finding.code.rawValue)</span> <small>\(finding.severity.rawValue)\(suspected)\(target)</small></p>
            <p>\(escaped(finding.summary))</p>\(silence)
            <ul>\(evidence)</ul>
            \(finding.cures.map(html).joined(separator: "\n"))\(folded(consequences))
            </div>
            """
    }

    /// What follows from a finding: it goes with it, and there is nothing else to be done.
    private func folded(_ findings: [Finding]) -> String {
        if findings.isEmpty { return "" }
        let names = findings.map { "\($0.code.rawValue)\($0.target.map { " · \($0)" } ?? "")" }.joined(separator: ", ")
        return "\n<details><summary>What follows from it: \(LandingPage.escaped(names))</summary>\n"
            + findings.map { html($0, consequences: []) }.joined(separator: "\n") + "\n</details>"
    }

    /// Where it is to be run stands with each step: the steps of one cure may be for several servers.
    private func html(_ cure: Finding.Cure) -> String {
        let text = LandingPage.escaped(cure.text)
        if cure.kind == .advice { return "<p>\(text)</p>" }
        let mark = [cure.target.map { "at \(LandingPage.escaped($0))" }, cure.effect.words].compactMap(\.self).joined(separator: " · ")
        return (mark.isEmpty ? "" : "<small>\(mark)</small>\n") + "<pre>\(text)</pre>"
    }
}

extension Finding.Cure.Effect {
    fileprivate var words: String? {
        switch self {
        case .harmless: nil
        case .check: "checks once more"
        case .destructive: "destroys data"
        }
    }
}
