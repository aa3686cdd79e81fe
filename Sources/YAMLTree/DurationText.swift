/// Durations as Prometheus writes them: `500ms`, `5s`, `1m30s`, `2h`, `1d`.
package enum DurationText {
    /// Why a text is not a duration. The message does not quote the text unless it is a bare number.
    package struct Failure: Error, Sendable, Hashable {
        /// What was expected, in one line.
        package var message: String
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// The longest one that can be written with as many digits as may be read.
    private static let longest = Int64(999_999_999) * 86_400_000 + 86_399_999

    private static let expectation = "expected a duration such as 500ms, 5s, 1m30s or 2h"

    /// Reads whole numbers with the units w, d, h, m, s and ms, each at most once and from large to small.
    ///
    /// A number without a unit is refused, as its reader would have to guess; only `0` needs none.
    package static func parse(_ text: String) throws(Failure) -> Duration {
        if text == "0" { return .zero }
        if !text.isEmpty, text.count <= 12, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) {
            throw Failure(message: "\(expectation); the number \(text) has no unit")
        }
        guard let milliseconds = milliseconds(in: text) else { throw Failure(message: expectation) }
        return .milliseconds(milliseconds)
    }

    private static func milliseconds(in text: String) -> Int64? {
        var rest = Substring(text)
        var remainingUnits = units[...]
        var total: Int64 = 0
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            // Nine digits of weeks stay far below the range of Int64.
            guard digits.count <= 9, let number = Int64(digits),
                let index = remainingUnits.firstIndex(where: { $0.name == name })
            else { return nil }
            total += number * units[index].milliseconds
            remainingUnits = units[(index + 1)...]
        } while !rest.isEmpty
        return total <= longest ? total : nil
    }

    /// Writes a duration in the form that `parse` reads, to the millisecond: `1m30s`; zero is `0s`.
    package static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var text = ""
        // Weeks are read but not written: 14d is plainer than 2w.
        for unit in units.dropFirst() where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
