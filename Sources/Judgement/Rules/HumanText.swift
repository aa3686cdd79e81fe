import ReplicationModel

/// Quantities as people read them.
package enum HumanText {
    /// `512 bytes`, `1.5 GiB`: rounded down to a tenth, so that it never seems more than it is.
    package static func bytes(_ bytes: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        let size = bytes.magnitude
        guard size >= 1024 else { return "\(bytes) bytes" }
        var (unit, shift) = (0, UInt64(10))
        while unit + 1 < units.count, size >> (shift + 10) > 0 {
            unit += 1
            shift += 10
        }
        let whole = size >> shift
        let tenth = ((size >> (shift - 10)) & 1023) * 10 / 1024
        let number = tenth == 0 || whole >= 100 ? "\(whole)" : "\(whole).\(tenth)"
        return "\(bytes < 0 ? "-" : "")\(number) \(units[unit])"
    }

    /// `45 s`, `7 min`, `3 h 20 min`, `2 d 4 h`.
    package static func duration(_ seconds: Double) -> String {
        guard let total = Int64(exactly: max(seconds, 0).rounded(.down)) else { return "unknown" }
        let (days, hours, minutes) = (total / 86_400, total / 3_600 % 24, total / 60 % 60)
        if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
        if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
        return minutes > 0 ? "\(minutes) min" : "\(total) s"
    }

    /// `2026-11-23T14:41:43Z`
    package static func time(_ unix: Double) -> String {
        guard let seconds = Int64(exactly: unix.rounded(.down)), seconds.magnitude < 253_402_300_800 else { return "unknown" }
        let (days, time) = (seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400, (seconds % 86_400 + 86_400) % 86_400)
        // The civil calendar in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60))Z"
    }

    private static func padded(_ number: Int64, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }

    /// The most that a list names: nobody reads hundreds of names, and each of hundreds of findings may hold one.
    private static let longestList = 40

    /// A list, or `none`; of a long one how many more there are.
    package static func list(_ items: some Collection<String>) -> String {
        if items.isEmpty { return "none" }
        return list(items, of: items.count)
    }

    /// The same, of items of which it is known how many there are: no more of them is looked at than what is named.
    package static func list(_ items: some Sequence<String>, of count: Int) -> String {
        let text = items.prefix(longestList).joined(separator: ", ")
        return count > longestList ? "\(text) and \(count - longestList) more" : text
    }
}
