import Collection
import Postgres
import ReplicationModel

/// What a real server answered to a collector's statement, in the form of psql: names, then rows; `NULL` is NULL.
struct Recording: Sendable {
    let collector: any Collector.Type
    let server: ServerTraits
    var columns: [String]
    var rows: [[String?]]

    init(_ collector: any Collector.Type, _ major: Int, _ role: ServerRole, _ text: String) {
        self.collector = collector
        self.server = ServerTraits(major: major, role: role, walSegmentBytes: 16 << 20)
        let lines = text.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false).map(Self.trimmed) }
        self.columns = lines[0]
        self.rows = lines.dropFirst().map { $0.map { $0 == "NULL" ? nil : $0 } }
    }

    var rowSet: RowSet { .literal(columns: columns, rows: rows) }

    /// The snapshot that the recording makes of an empty one.
    func snapshot() throws(DecodeError) -> ServerSnapshot {
        var snapshot = ServerSnapshot(identity: .example, role: server.role)
        try collector.decode(rowSet, from: server, into: &snapshot)
        return snapshot
    }

    /// The same with another value in one column of the first row.
    func replacing(_ column: String, with value: String?) -> Recording {
        var copy = self
        for index in columns.indices where columns[index] == column { copy.rows[0][index] = value }
        return copy
    }

    /// The same with a column more, after `position` others.
    func inserting(column: String, at position: Int) -> Recording {
        var copy = self
        copy.columns.insert(column, at: position)
        for index in rows.indices { copy.rows[index].insert("1", at: position) }
        return copy
    }

    /// The same without a column.
    func removing(_ column: Int) -> Recording {
        var copy = self
        copy.columns.remove(at: column)
        for index in rows.indices { copy.rows[index].remove(at: column) }
        return copy
    }

    private static func trimmed(_ cell: Substring) -> String {
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension Recording: CustomStringConvertible {
    var description: String { "\(collector.name) of \(server.major), \(server.role)" }
}

extension ServerIdentity {
    static let example = ServerIdentity(
        versionNumber: 180_006,
        version: "18.6",
        systemIdentifier: "7711414404705161623",
        clusterName: "orders-dc1",
        address: nil,
        postmasterStart: 1_795_453_580.488011,
        walSegmentBytes: 16 << 20
    )
}
