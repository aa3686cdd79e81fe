package import ReplicationModel

/// What `check` is asked, by a command line or over HTTP: a kind, and thresholds as texts.
package struct CheckQuestion: Sendable, Hashable {
    package let kind: CheckKind
    package let warning: MonitoringRange?
    package let critical: MonitoringRange?
    /// The role that every server should have.
    package let role: ServerRole?

    /// Why there is no such question, in a sentence that says what is allowed.
    package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - warning: a range of the Monitoring Plugins; nil: the kind's own threshold, if it has one.
    ///   - prefix: what stands before the names of thresholds where they are asked for: `--`.
    package init(_ kind: CheckKind, warning: String?, critical: String?, role: ServerRole?, prefix: String = "") throws(Problem) {
        guard role == nil || kind == .role else { throw Problem(description: "\(prefix)role is for 'check role'.") }
        self.kind = kind
        self.role = role
        self.warning = try Self.range(warning, kind, orElse: kind.defaults.warning, prefix + "warning")
        self.critical = try Self.range(critical, kind, orElse: kind.defaults.critical, prefix + "critical")
    }

    private static func range(_ text: String?, _ kind: CheckKind, orElse usual: String?, _ name: String) throws(Problem) -> MonitoringRange? {
        guard let text else { return usual.flatMap { text in kind.unit.flatMap { MonitoringRange(text, $0) } } }
        guard let unit = kind.unit else { throw Problem(description: "'check \(kind.rawValue)' has no thresholds.") }
        guard let range = MonitoringRange(text, unit) else {
            let suffixes = unit.suffixes.keys.sorted().joined(separator: ", ")
            throw Problem(description: "\(name) '\(TerminalStyle.safe(text))' is no range: 60, 15:, ~:10 or @10:20, with \(suffixes)")
        }
        return range
    }
}
