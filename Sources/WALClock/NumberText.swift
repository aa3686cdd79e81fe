/// Whole numbers as text, short where they are small: what is kept of thousands of points takes a few characters each.
///
/// Each number is written in digits of five bits, the lowest first; all but the last of a number have a sixth bit set. Negative ones take turns with the
/// others (0, -1, 1, -2, …), so that small ones of either sign are short.
package enum NumberText {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: .max, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text of some numbers, in their order.
    package static func text(of numbers: [Int64]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 4)
        for number in numbers {
            var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
            repeat {
                let part = Int(rest & 31)
                rest >>= 5
                bytes.append(digits[rest > 0 ? part | 32 : part])
            } while rest > 0
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The numbers of a text; nil when it is none of ours.
    package static func numbers(in text: String) -> [Int64]? {
        var numbers: [Int64] = []
        numbers.reserveCapacity(text.utf8.count / 3)
        var number: UInt64 = 0
        var shift: UInt64 = 0
        for digit in text.utf8 {
            let value = values[Int(digit)]
            guard value < 64, shift < 65 else { return nil }
            let part = UInt64(value & 31)
            guard shift < 60 || part >> (64 - shift) == 0 else { return nil }
            number |= part << shift
            if value & 32 != 0 {
                shift += 5
            } else {
                numbers.append(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
                (number, shift) = (0, 0)
            }
        }
        return shift == 0 ? numbers : nil
    }
}
