/// The table of verdicts as it stands in docs/findings.md.
package enum VerdictDocument {
    /// One line for each case of each verdict, so that each has one severity, one confidence and one alert.
    package static var table: String {
        let head = [
            "| code | what it means | when | severity | confidence | threshold | alert | for |",
            "|---|---|---|---|---|---|---|---|",
        ]
        let rows = Verdict.all.flatMap { verdict in
            verdict.cases.map { row in
                let cells = [
                    "`\(verdict.code.rawValue)`",
                    row == verdict.cases[0] ? verdict.meaning : "",
                    row.circumstance.isEmpty ? (verdict.cases.count > 1 ? "else" : "") : row.circumstance,
                    row.severity.rawValue,
                    row.confidence.rawValue,
                    row.thresholds.map { "`\($0.name)` \(Int64($0.value))" }.joined(separator: ", "),
                    row.alert.map { "[`\($0.name)`](runbooks/\($0.name).md)" } ?? "",
                    row.alert.map { hold($0.holdSeconds) } ?? "",
                ]
                return "| \(cells.joined(separator: " | ")) |"
            }
        }
        return (head + rows).joined(separator: "\n") + "\n"
    }

    /// What each verdict stands on, and the healthy situations that look like it.
    package static var facts: String {
        Verdict.all.map { verdict in
            let facts = verdict.facts.map { "- \($0)" }
            let lookAlikes = verdict.lookAlikes.map { "| \($0.situation) | \($0.toldBy) | `\($0.test)` |" }
            let table = lookAlikes.isEmpty ? [] : ["", "| looks like it and is not | told by | run by |", "|---|---|---|"] + lookAlikes
            return (["### `\(verdict.code.rawValue)`", ""] + facts + table).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    /// As `for:` has it in a rule.
    private static func hold(_ seconds: Int) -> String {
        seconds == 0 ? "0s" : seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
