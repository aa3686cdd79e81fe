/// Takes values off an input, and zeros behind its end.
struct ByteCursor {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// Any of the bit patterns, infinities and NaN among them, or a small integer.
    mutating func double() -> Double {
        guard byte() % 4 != 0 else { return Double(Int8(bitPattern: byte())) }
        return Double(bitPattern: (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte()) })
    }

    /// Up to the next zero byte.
    mutating func text() -> String {
        let bytes = rest.prefix { $0 != 0 }
        rest = rest.dropFirst(bytes.count + 1)
        return String(decoding: bytes, as: UTF8.self)
    }
}
