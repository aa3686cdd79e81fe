/// A threshold as the Monitoring Plugins guidelines have it: `[@]start:end`. What is outside start and end is told of; with `@`, what is inside.
package struct MonitoringRange: Sendable, Hashable {
    /// -∞ where it was `~`.
    package var start: Double
    package var end: Double
    package var isInside: Bool
    /// As it was given, for the performance data.
    package var text: String

    /// What numbers may end with, and what they are multiplied by then.
    package enum Unit: Sendable {
        case seconds, bytes, percent

        package var suffixes: [String: Double] {
            switch self {
            case .seconds: ["ms": 0.001, "s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400]
            case .bytes: ["B": 1, "kB": 1024, "MB": 1_048_576, "GB": 1_073_741_824, "TB": 1_099_511_627_776]
            case .percent: ["%": 1]
            }
        }

        /// As performance data has it.
        package var symbol: String {
            switch self {
            case .seconds: "s"
            case .bytes: "B"
            case .percent: "%"
            }
        }

        package func number(_ text: Substring) -> Double? {
            let suffix = String(text.reversed().prefix { $0.isLetter || $0 == "%" }.reversed())
            guard let factor = suffix.isEmpty ? 1 : suffixes[suffix], let number = Double(text.dropLast(suffix.count)), number.isFinite
            else { return nil }
            return number * factor
        }
    }

    /// nil when it is no range, or its start is after its end.
    package init?(_ text: String, _ unit: Unit) {
        var rest = Substring(text)
        isInside = rest.first == "@"
        if isInside { rest = rest.dropFirst() }
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts.count {
        case 1:
            guard let end = unit.number(parts[0]) else { return nil }
            (start, self.end) = (0, end)
        default:
            let start: Double? = parts[0] == "~" ? -.infinity : parts[0].isEmpty ? 0 : unit.number(parts[0])
            let end: Double? = parts[1].isEmpty ? .infinity : unit.number(parts[1])
            guard let start, let end else { return nil }
            (self.start, self.end) = (start, end)
        }
        guard start <= end else { return nil }
        // In base units, without suffixes: those who draw performance data know numbers alone.
        let first = start == -.infinity ? "~:" : start == 0 ? "" : "\(Self.plain(start)):"
        self.text = (isInside ? "@" : "") + (end == .infinity ? "\(start == 0 ? "0:" : first)" : first + Self.plain(end))
    }

    /// Whether a value is one to be told of.
    package func alerts(_ value: Double) -> Bool {
        (value < start || value > end) != isInside
    }

    /// Whether all values above one are told of, too.
    func alertsAbove(_ value: Double) -> Bool {
        isInside ? value >= start && end == .infinity : value > end
    }

    /// `60`, `0.5`: whole where it is whole.
    static func plain(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\((value * 1000).rounded() / 1000)"
    }
}
