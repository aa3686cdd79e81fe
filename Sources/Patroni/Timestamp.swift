/// Times as Python's `datetime.isoformat()` writes them: `2026-11-23T14:41:43.123456+01:00`, without the fraction on a whole second.
enum Timestamp {
    /// Seconds since 1970 in UTC; nil for anything else, and without an offset, which would leave it open what is meant.
    static func unixTime(_ text: String) -> Double? {
        var rest = text.utf8[...]
        guard let year = number(4, &rest), take("-", &rest), let month = number(2, &rest), take("-", &rest), let day = number(2, &rest),
            take("T", &rest), let hour = number(2, &rest), take(":", &rest), let minute = number(2, &rest), take(":", &rest),
            let second = number(2, &rest), let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty,
            (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = days(before: year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Double(seconds) + fraction
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ digits: Int, _ rest: inout Substring.UTF8View) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(isDigit) else { return nil }
        rest.removeFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func fraction(_ rest: inout Substring.UTF8View) -> Double? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix(while: isDigit)
        rest.removeFirst(digits.count)
        return digits.isEmpty ? nil : Double("0." + String(decoding: digits, as: UTF8.self))
    }

    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if take("Z", &rest) { return 0 }
        let sign: Int
        if take("+", &rest) { sign = 1 } else if take("-", &rest) { sign = -1 } else { return nil }
        guard let hours = number(2, &rest), take(":", &rest), let minutes = number(2, &rest), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    private static func days(before year: Int, _ month: Int, _ day: Int) -> Int {
        let past = year - 1
        let untilYear = past * 365 + past / 4 - past / 100 + past / 400
        let untilMonth = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
        return untilYear + untilMonth + day - 1 - 719_162
    }
}
