/// A result that is not what the decoder was written for: a defect of ours, or a server that is not what it says.
package struct DecodeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The column that the decoder asked for; empty when the number of rows is what is wrong.
    package let column: String
    /// The row's index, from 0.
    package let row: Int
    /// What the decoder was written for, e.g. "int8".
    package let expected: String
    /// What is there, shortened and escaped.
    package let found: String

    init(column: String = "", row: Int, expected: String, found: String) {
        self.column = column
        self.row = row
        self.expected = expected
        self.found = found
    }

    /// E.g. `row 3, column "wal_status": expected text, found NULL`.
    package var description: String {
        column.isEmpty ? "expected \(expected), found \(found)" : "row \(row), column \"\(column)\": expected \(expected), found \(found)"
    }

    /// A value as an error text may show it: in quotes, ASCII, at most 64 characters of it.
    static func quoted(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars.prefix(64) {
            text += scalar.escaped(asASCII: true)
        }
        return "\"\(text)\"" + (value.unicodeScalars.count > 64 ? "…" : "")
    }
}
