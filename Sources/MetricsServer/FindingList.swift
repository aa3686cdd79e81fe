import Judgement
import ReplicationModel

/// What is wrong, as a part of the page: each finding with what it was concluded from, and what to do.
struct FindingList: Sendable {
    /// A page of a thousand servers shall still be a page; `/api/v1/topology` has them all.
    private static let limit = 100

    let findings: [Finding]

    init(_ findings: [Finding]) {
        self.findings = findings
    }

    var html: String {
        guard !findings.isEmpty else { return "<p class=\"fine\">Nothing is found to be wrong.</p>" }
        let shown = findings.prefix(Self.limit).map(html).joined(separator: "\n")
        let rest = findings.count > Self.limit ? "\n<p>and \(findings.count - Self.limit) more: <a href=\"/api/v1/topology\">all of them</a></p>" : ""
        return "<h2>Findings</h2>\n\(shown)\(rest)"
    }

    private func html(_ finding: Finding) -> String {
        let escaped = LandingPage.escaped
        let target = finding.target.map { " · \(escaped($0))" } ?? ""
        let suspected = finding.confidence == .suspected ? " · suspected" : ""
        let evidence = finding.evidence.map { "<li>\(escaped($0.name)): \(escaped($0.value))</li>" }.joined()
        let cures = finding.cures.map { cure in
            cure.kind == .advice ? "<p>\(escaped(cure.text))</p>" : "<pre>\(escaped(cure.text))</pre>"
        }
        return """
            <div class="finding \(finding.severity.rawValue)">
            <p><span class="code">\(finding.code.rawValue)</span> <small>\(finding.severity.rawValue)\(suspected)\(target)</small></p>
            <p>\(escaped(finding.summary))</p>
            <ul>\(evidence)</ul>
            \(cures.joined(separator: "\n"))
            </div>
            """
    }
}
