/// Renders the value of the label `le`.
///
/// A label is text, so two renderings of one number would be two series. The formats therefore follow Go's `%g`: at most six digits before
/// the point, an exponent from 1e+06 up and below 0.0001. OpenMetrics appends `.0` to what would look like an integer ("Canonical Numbers").
enum BucketBound {
    static func render(_ value: Double, in format: ExpositionFormat) -> String {
        guard value.isFinite else { return value < 0 ? "-Inf" : value > 0 ? "+Inf" : "NaN" }
        let text = general(value)
        return format == .openMetrics && !text.contains { $0 == "." || $0 == "e" } ? text + ".0" : text
    }

    private static func general(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let sign = value < 0 ? "-" : ""
        let (digits, exponent) = decimal(value.magnitude)
        guard (-4..<6).contains(exponent) else {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
        }
        guard exponent >= 0 else { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = digits.prefix(exponent + 1)
        let fraction = digits.dropFirst(exponent + 1)
        return sign + whole + String(repeating: "0", count: exponent + 1 - whole.count) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The shortest digits that name the number, without zeros at either end, and the power of ten of the first of them.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let whole = mantissa[0]
        let all = whole + (mantissa.count > 1 ? mantissa[1] : "")
        let leading = all.prefix { $0 == "0" }.count
        var digits = all.dropFirst(leading)
        while digits.last == "0" { digits.removeLast() }
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return (String(digits), power + whole.count - 1 - leading)
    }
}
