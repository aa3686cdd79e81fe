package import Judgement
import ReplicationModel

/// Findings for a terminal: what is wrong, what it was concluded from, and what to do.
package struct FindingText: Sendable {
    private let findings: [Finding]
    private let style: TerminalStyle

    package init(_ findings: [Finding], style: TerminalStyle) {
        self.findings = findings
        self.style = style
    }

    static func word(_ severity: Finding.Severity, _ style: TerminalStyle) -> String {
        switch severity {
        case .critical: style.toned(severity.rawValue, .bad)
        case .warning: style.toned(severity.rawValue, .doubtful)
        case .notice: style.toned(severity.rawValue, .dim)
        }
    }

    package var lines: [String] { Array(findings.map(lines).joined(separator: [""])) }

    private func lines(_ finding: Finding) -> [String] {
        var head = "\(Self.word(finding.severity, style))  \(style.toned(finding.code.rawValue, .bold))"
        if let target = finding.target { head += "  at \(TerminalStyle.safe(target))" }
        if finding.confidence == .suspected { head += "  (suspected)" }
        var lines = [head]
        lines += style.wrapped(TerminalStyle.safe(finding.summary), first: "  ", indent: "  ")
        if let cause = finding.cause {
            let place = cause.standby ?? cause.target
            lines += style.wrapped(
                "It follows from \(cause.code.rawValue)\(place.map { " of \(TerminalStyle.safe($0))" } ?? "").",
                first: "  ",
                indent: "  "
            )
        }
        if let silence = finding.silence {
            lines += style.wrapped(
                "silenced until \(HumanText.time(silence.until)): \(TerminalStyle.safe(silence.reason))",
                first: "  ",
                indent: "  "
            )
        }
        for evidence in finding.evidence {
            lines += style.wrapped(TerminalStyle.safe("\(evidence.name): \(evidence.value)"), first: "    ", indent: "      ")
        }
        for cure in finding.cures {
            switch cure.kind {
            case .advice: lines += style.wrapped(TerminalStyle.safe(cure.text), first: "  - ", indent: "    ")
            // What is to be copied is not broken.
            case .sql, .setting, .command:
                let place = cure.target.map { "at \(TerminalStyle.safe($0))" } ?? ""
                let effect = cure.effect == .destructive ? style.toned("destroys", .bad) : cure.effect == .check ? "check" : ""
                lines.append("  - " + [cure.kind.rawValue, place, effect].filter { !$0.isEmpty }.joined(separator: ", ") + ":")
                lines.append("      " + TerminalStyle.safe(cure.text))
            }
        }
        return lines
    }

    /// All findings, and the headline below them.
    package static func report(_ topology: Topology, style: TerminalStyle) -> [String] {
        FindingText(topology.findings, style: style).lines + (topology.findings.isEmpty ? [] : [""]) + [Headline(topology).text]
    }

    /// The statements of all cures, for a file: each after a comment that says where it is to be run. What destroys is a comment, to be
    /// uncommented by whoever has decided to.
    package static func sql(_ findings: [Finding]) -> [String] {
        findings.filter { $0.silence == nil }.flatMap { finding -> [String] in
            let statements = finding.cures.filter { $0.kind == .sql }
            guard !statements.isEmpty else { return [] }
            let comment = "-- \(finding.severity.rawValue) \(finding.code.rawValue): \(TerminalStyle.safe(finding.summary))"
            return [comment]
                + statements.flatMap { cure -> [String] in
                    let place = "-- run at \(cure.target.map(TerminalStyle.safe) ?? "the server in question")"
                    return cure.effect == .destructive
                        ? ["\(place); it destroys: look first", "-- \(TerminalStyle.safe(cure.text))"] : [place, TerminalStyle.safe(cure.text)]
                } + [""]
        }
    }
}
