@testable import Collection
@testable import Postgres
import ReplicationModel

/// The columns that a decoder reads, learnt from its own complaints: so they need not be repeated here, and follow the code.
enum Columns {
    /// A column that no decoder knows: the complaint about it tells which one is wanted in its place.
    private static let end = "-"

    /// Values of all kinds: one of them is what a column takes. Most take NULL.
    private static let candidates: [String?] = [
        nil, "1", "t", "x", "16777216", "streaming", "physical", "not paused", "reserved", "async", "streaming database files",
        "pg_read_all_stats", "r", "kB", "waiting", "1.5", "7711414404705161623", "0000000000000001", "180006", "16MB",
    ]

    static func learn(_ decode: (RowSet) -> DecodeError?) -> [String] {
        var columns: [String] = []
        var choices: [Int] = []
        while true {
            let cells = choices.map { candidates[$0] } + ["1"]
            guard let error = decode(.literal(columns: columns + [end], rows: [cells])) else { return columns }
            if error.column == end { return columns }
            if let index = columns.firstIndex(of: error.column) {
                choices[index] += 1
                guard choices[index] < candidates.count else { fatalError("no known value suits: \(error)") }
            } else {
                guard !error.column.isEmpty, columns.count < 100 else { fatalError("cannot learn the columns: \(error)") }
                columns.append(error.column)
                choices.append(0)
            }
        }
    }
}

/// What each statement's answer looks like, learnt when it is first used.
struct Schema {
    private struct Key: Hashable {
        let name: String
        let major: Int
        let role: ServerRole
    }

    private var known: [Key: [String]] = [:]

    /// Rows of the right columns: what is missing in a row is NULL, what is too much is left out.
    mutating func rows(_ cells: [[[UInt8]?]], of name: String, from traits: ServerTraits, _ decode: (RowSet) -> DecodeError?) -> RowSet {
        let key = Key(name: name, major: traits.major, role: traits.role)
        let columns = known[key] ?? Columns.learn(decode)
        known[key] = columns
        let rows = cells.map { row in columns.indices.map { $0 < row.count ? row[$0] : nil } }
        // libpq takes a zero byte for the end of a value.
        return .literal(columns: columns, bytes: rows.map { $0.map { $0.map { $0.filter { $0 != 0 } } } })
    }
}
