import CLibPQ

/// The rows that a statement returned, as text, exactly as libpq received them.
///
/// `@unchecked Sendable`: libpq documents a `PGresult` as read-only once created, and safe to read from several threads at a time; nothing here
/// writes to it after `init`, and it is freed when the last reference goes.
package final class RowSet: @unchecked Sendable {
    private let result: OpaquePointer

    /// Takes ownership of a `PGresult`.
    init(owning result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    /// The number of rows.
    package var count: Int { Int(PQntuples(result)) }

    /// Whether there are no rows.
    package var isEmpty: Bool { count == 0 }

    /// The names of the columns, in the order of the SELECT list.
    package var columnNames: [String] {
        (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
    }

    /// Decodes every row. The decoder reads each column once, in the order of the SELECT list.
    /// - Throws: ``DecodeError`` at the first value that is not as expected, also when the decoder leaves columns unread.
    package func map<Value>(_ decode: (inout Row) throws(DecodeError) -> Value) throws(DecodeError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<PQntuples(result) {
            values.append(try decodeRow(index, decode))
        }
        return values
    }

    /// Decodes the only row.
    /// - Throws: ``DecodeError`` as in ``map(_:)``, and unless there is exactly one row.
    package func single<Value>(_ decode: (inout Row) throws(DecodeError) -> Value) throws(DecodeError) -> Value {
        guard count == 1 else { throw DecodeError(row: 0, expected: "one row", found: "\(count) rows") }
        return try decodeRow(0, decode)
    }

    /// Decodes the only row, or returns nil when there is none.
    /// - Throws: ``DecodeError`` as in ``map(_:)``, and when there are several rows.
    package func atMostOne<Value>(_ decode: (inout Row) throws(DecodeError) -> Value) throws(DecodeError) -> Value? {
        guard count <= 1 else { throw DecodeError(row: 0, expected: "at most one row", found: "\(count) rows") }
        return isEmpty ? nil : try decodeRow(0, decode)
    }

    private func decodeRow<Value>(_ index: Int32, _ decode: (inout Row) throws(DecodeError) -> Value) throws(DecodeError) -> Value {
        // The row borrows the result, which must not be freed before the row is decoded.
        defer { withExtendedLifetime(self) {} }
        var row = Row(result: result, index: index)
        let value = try decode(&row)
        try row.finish()
        return value
    }
}
