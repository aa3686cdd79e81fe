/// How far behind a standby may be, as `max_lag` has it: `10s`, `500ms`, `5m`, `1h` or `16MB`, `512kB`, `1GB` (in the units of PostgreSQL).
struct LagLimit: Sendable, Hashable {
    enum Quantity: Sendable, Hashable {
        case seconds(Double)
        case bytes(Int64)
    }

    let quantity: Quantity

    static let help = "max_lag must be a time or a number of bytes with a unit, such as 10s, 500ms, 5m, 16MB or 1GB"

    private static let times: [Substring: Double] = ["ms": 0.001, "s": 1, "min": 60, "m": 60, "h": 3600]
    private static let sizes: [Substring: Double] = ["B": 1, "kB": 1024, "MB": 1_048_576, "GB": 1_073_741_824, "TB": 1_099_511_627_776]

    /// nil: not of that form.
    init?(_ text: Substring) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let first = digits.first, first != ".", let number = Double(digits) else { return nil }
        let unit = text[digits.endIndex...]
        if let scale = Self.times[unit], (number * scale).isFinite {
            quantity = .seconds(number * scale)
        } else if let scale = Self.sizes[unit], number * scale < 9e18 {
            quantity = .bytes(Int64(number * scale))
        } else {
            return nil
        }
    }
}
