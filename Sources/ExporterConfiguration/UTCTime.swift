/// Dates and times of the configuration: `2027-01-31`, `2027-01-31T18:00:00Z`.
enum UTCTime {
    /// Unix time of a time in UTC, of a date alone that of its end; nil for anything else, also for a day that the calendar does not have.
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 20, matches(bytes, bytes.count == 10 ? "dddd-dd-dd" : "dddd-dd-ddTdd:dd:ddZ") else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        guard (1970...9999).contains(year), (1...12).contains(month), (1...days(in: month, of: year)).contains(day) else { return nil }
        let midnight = daysSince1970(year, month, day) * 86_400
        if bytes.count == 10 { return midnight + 86_400 }
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return midnight + hour * 3_600 + minute * 60 + second
    }

    /// `2027-01-31T18:00:00Z`
    static func format(_ time: Int64) -> String {
        let (day, second) = (time / 86_400, time % 86_400)
        var year: Int64 = 1970
        while daysSince1970(year + 1, 1, 1) <= day { year += 1 }
        var month: Int64 = 1
        while month < 12, daysSince1970(year, month + 1, 1) <= day { month += 1 }
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(year)-\(two(month))-\(two(day - daysSince1970(year, month, 1) + 1))"
        return "\(date)T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    private static func matches(_ bytes: [UInt8], _ pattern: String) -> Bool {
        zip(bytes, pattern.utf8).allSatisfy { byte, sign in sign == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == sign }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400)
        let months = (1..<month).reduce(into: Int64(0)) { $0 += days(in: $1, of: year) }
        return (year - 1970) * 365 + leapDays + months + day - 1
    }
}
