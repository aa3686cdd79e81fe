/// What a check of the Monitoring Plugins says: a status, one line, more lines, performance data.
package struct CheckResult: Sendable, Hashable {
    package enum Status: Int32, Sendable, Hashable, CaseIterable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        package var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }

        /// What is known to be bad goes before what is not known.
        private var rank: Int {
            switch self {
            case .ok: 0
            case .unknown: 1
            case .warning: 2
            case .critical: 3
            }
        }

        static func worst(_ all: some Sequence<Status>) -> Status? {
            all.max { $0.rank < $1.rank }
        }

        func isWorse(than other: Status) -> Bool { rank > other.rank }
    }

    /// One thing that was looked at.
    package struct Part: Sendable, Hashable {
        package var status: Status
        package var text: String

        package init(_ status: Status, _ text: String) {
            self.status = status
            self.text = text
        }
    }

    package struct Performance: Sendable, Hashable {
        package var label: String
        package var value: Double
        package var unit: MonitoringRange.Unit
        package var warning: MonitoringRange?
        package var critical: MonitoringRange?
        package var minimum: Double? = 0
    }

    package var name: String
    package var parts: [Part]
    package var performance: [Performance]
    /// What is said when nothing is wrong.
    package var wellText: String

    /// Nothing to look at is nothing that is well.
    package var status: Status { Status.worst(parts.map(\.status)) ?? .unknown }

    /// `PGWAL LAG WARNING - pg2 is 42 s behind | 'pg2'=42s;30;300;0`, then a line for each part when there are several.
    package var text: String {
        let wrong = parts.filter { $0.status != .ok }.sorted { $0.status.isWorse(than: $1.status) }
        var head = wrong.prefix(3).map(\.text).joined(separator: ", ")
        if wrong.count > 3 { head += " and \(wrong.count - 3) more" }
        if wrong.isEmpty { head = parts.isEmpty ? "there is nothing to check" : parts.count == 1 ? parts[0].text : wellText }
        var lines = [Self.inOneLine("PGWAL \(name.uppercased()) \(status.word) - \(head)")]
        if !performance.isEmpty { lines[0] += " | " + performance.map(Self.rendered).joined(separator: " ") }
        if parts.count > 1 { lines += parts.map { Self.inOneLine("\($0.status.word): \($0.text)") } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A bar begins the performance data, wherever it stands.
    private static func inOneLine(_ text: String) -> String {
        TerminalStyle.safe(text).replacing("|", with: "/")
    }

    private static func rendered(_ one: Performance) -> String {
        let label = inOneLine(one.label).replacing("=", with: "_").replacing("'", with: "''")
        let parts = [
            "\(MonitoringRange.plain(one.value))\(one.unit.symbol)", one.warning?.text ?? "", one.critical?.text ?? "",
            one.minimum.map(MonitoringRange.plain) ?? "",
        ]
        return "'\(label)'=\(parts.joined(separator: ";"))"
    }
}
