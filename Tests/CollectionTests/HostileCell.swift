@testable import Postgres

/// What a server that lies, or is broken, may put in the place of any value.
struct HostileCell: Sendable, CustomStringConvertible {
    let description: String
    /// nil is NULL.
    let bytes: [UInt8]?

    private init(_ text: String?, as description: String? = nil) {
        self.description = description ?? text.map { "'\($0)'" } ?? "NULL"
        self.bytes = text.map { Array($0.utf8) }
    }

    private init(bytes: [UInt8], as description: String) {
        self.description = description
        self.bytes = bytes
    }

    static let all: [HostileCell] = [
        HostileCell(nil), HostileCell(""), HostileCell("0"), HostileCell("-1"), HostileCell("9223372036854775807"),
        HostileCell("9223372036854775808"),
        HostileCell("-9223372036854775808"), HostileCell("NaN"), HostileCell("Infinity"), HostileCell("-Infinity"), HostileCell("1e308"),
        HostileCell(String(repeating: "x", count: 100_000), as: "100 KB"),
        HostileCell(bytes: [0xFF, 0xC3, 0x28, 0x80, 0x22, 0x0A, 0x5C], as: "bytes that are no UTF-8"),
    ]
}

/// An answer with one of its cells replaced.
struct HostileAnswer: CustomStringConvertible {
    let description: String
    let rows: RowSet

    /// Every cell of a recorded answer, each replaced by everything hostile, one at a time.
    static func all(of columns: [String], _ rows: [[String?]]) -> [HostileAnswer] {
        let cells = rows.map { $0.map { $0.map { Array($0.utf8) } } }
        return rows.indices.flatMap { row in
            columns.indices.flatMap { column in
                HostileCell.all.map { hostile in
                    var changed = cells
                    changed[row][column] = hostile.bytes
                    return HostileAnswer(
                        description: "\(columns[column]) of row \(row): \(hostile)",
                        rows: .literal(columns: columns, bytes: changed)
                    )
                }
            }
        }
    }
}
