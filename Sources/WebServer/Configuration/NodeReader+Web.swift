import YAMLTree

/// Scalars as exporter-toolkit reads them: as YAML 1.1 has them, and durations as Go writes them.
extension NodeReader {
    /// Text as it is written, quoted or not; nothing is the empty text. Never repeated in a problem.
    func scalarText() -> String? {
        node.isNull ? "" : text()
    }

    /// `true`, `false` and the `yes`, `no`, `on`, `off` of older YAML, unquoted.
    func webBoolean() -> Bool? {
        switch plainText {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return false
        default:
            complain("expected true or false, without quotes")
            return nil
        }
    }

    /// A whole number, unquoted; of 2.5 the 2.
    func webInteger() -> Int? {
        if let plainText, let number = Int(plainText) { return number }
        if let plainText, let number = Double(plainText), let whole = Int(exactly: number.rounded(.towardZero)) { return whole }
        complain("expected a whole number, without quotes")
        return nil
    }

    /// A duration such as `500ms` or `1h30m`. A number without a unit counts nanoseconds, and its fraction does not count.
    func webDuration() -> Duration? {
        if case .scalar(let scalar) = node.content {
            if scalar.isPlain, let number = Double(scalar.text), let whole = Int64(exactly: number.rounded(.towardZero)) {
                return .nanoseconds(whole)
            }
            if let duration = GoDuration.parse(scalar.text) { return duration }
        }
        complain("expected a duration such as 500ms, 1s or 1h30m; units are ns, us, ms, s, m and h")
        return nil
    }

    private var plainText: String? {
        guard case .scalar(let scalar) = node.content, scalar.isPlain else { return nil }
        return scalar.text
    }
}

/// Durations as Go writes them.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// `1h30m`, `-1.5s`, `0`: numbers with units in any order; nil when the text is none, or longer than some 292 years.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty, rest.utf8.count <= 64 else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { !($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(name.count)
            guard number.contains(where: \.isNumber), number.count(where: { $0 == "." }) <= 1,
                let value = Double(number.first == "." ? "0\(number)" : number.last == "." ? "\(number)0" : String(number)),
                let unit = units.first(where: { $0.name == name })
            else { return nil }
            total += value * unit.nanoseconds
        }
        guard let nanoseconds = Int64(exactly: total.rounded(.down)) else { return nil }
        return .nanoseconds(isNegative ? -nanoseconds : nanoseconds)
    }
}
