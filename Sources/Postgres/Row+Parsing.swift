#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Row {
    static func bool(_ bytes: Bytes) -> Bool? {
        guard bytes.count == 1 else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: return nil
        }
    }

    static func text(_ bytes: Bytes) -> String {
        String(validating: bytes, as: UTF8.self) ?? escapedText(bytes)
    }

    /// Each byte that is not part of valid UTF-8 becomes `\xNN`; the valid parts stay. U+FFFD in its place would make different names equal.
    private static func escapedText(_ bytes: Bytes) -> String {
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let width = (1...4).first { width in
                width <= rest.count && String(validating: rest.prefix(width), as: UTF8.self)?.unicodeScalars.count == 1
            }
            if let width {
                text += String(validating: rest.prefix(width), as: UTF8.self) ?? ""
                rest = rest.dropFirst(width)
            } else {
                text += "\\x" + first.hexadecimal
                rest = rest.dropFirst()
            }
        }
        return text
    }
}

extension Int64 {
    /// Decimal digits with at most a minus sign before them, and nothing else.
    init?(exactly bytes: Row.Bytes) {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = bytes[(isNegative ? 1 : 0)...]
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            let digit = Int64(byte) - 0x30
            guard (0...9).contains(digit) else { return nil }
            // Counted downwards: the most negative number has no positive counterpart.
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.subtractingReportingOverflow(digit)
            guard !overflow, !overflows else { return nil }
            value = sum
        }
        guard !isNegative else {
            self = value
            return
        }
        guard value != .min else { return nil }
        self = -value
    }
}

extension Double {
    /// A decimal number as PostgreSQL prints it, or `Infinity`, `-Infinity`, `NaN`. A zero byte must follow the bytes.
    init?(exactly bytes: Row.Bytes) {
        guard let start = bytes.baseAddress, let first = bytes.first else { return nil }
        // strtod also reads blanks, hexadecimal and many spellings of infinity, none of which PostgreSQL prints.
        let last = bytes[bytes.count - 1]
        let isNumber = (first == UInt8(ascii: "-") || Self.isDigit(first)) && Self.isDigit(last) && bytes.allSatisfy(Self.mayBeInNumber)
        guard isNumber else {
            switch String(decoding: bytes, as: UTF8.self) {
            case "NaN": self = .nan
            case "Infinity": self = .infinity
            case "-Infinity": self = -.infinity
            default: return nil
            }
            return
        }
        let text = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
        var end: UnsafeMutablePointer<CChar>?
        self = strtod(text, &end)
        guard let end, end - UnsafeMutablePointer(mutating: text) == bytes.count else { return nil }
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    @inline(__always)
    private static func mayBeInNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }
}

extension UInt8 {
    /// Two hexadecimal digits.
    var hexadecimal: String {
        (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true)
    }
}
