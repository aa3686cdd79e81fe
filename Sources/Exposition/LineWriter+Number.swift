extension LineWriter {
    /// The longest rendering of a number, `-2.2250738585072014e-308`.
    static let longestNumber = 24

    /// Integers without point and exponent as far as a `Double` holds each of them, everything else as the shortest text that reads back as
    /// the same number.
    mutating func write(_ value: Double) {
        let exactIntegers = 0x1p53
        if value.magnitude < exactIntegers {
            let integer = Int64(value)
            // Negative zero ends here as well, as plain 0: it is no news to anybody.
            if Double(integer) == value { return write(integer) }
        }
        guard value.isFinite else { return write(nonFinite: value) }
        for byte in value.description.utf8 { write(byte) }
    }

    private mutating func write(_ value: Int64) {
        if value < 0 { write(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let length = Self.digits(of: rest)
        for index in stride(from: length - 1, through: 0, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            position[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        advance(by: length)
    }

    private mutating func write(nonFinite value: Double) {
        let text: StaticString = value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf"
        text.withUTF8Buffer { for byte in $0 { write(byte) } }
    }

    private static func digits(of value: UInt64) -> Int {
        var length = 1
        var limit: UInt64 = 10
        // Values stay below 2^53, far from where this would overflow.
        while value >= limit {
            limit *= 10
            length += 1
        }
        return length
    }
}
