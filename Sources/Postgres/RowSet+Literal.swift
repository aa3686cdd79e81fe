import CLibPQ

extension RowSet {
    /// Rows made of given values instead of a server's, for the unit tests of decoders: values recorded from real servers. nil is NULL.
    package static func literal(columns: [String], rows: [[String?]]) -> RowSet {
        literal(columns: columns, bytes: rows.map { $0.map { $0.map { Array($0.utf8) } } })
    }

    /// The same with values that need not be UTF-8.
    static func literal(columns: [String], bytes rows: [[[UInt8]?]]) -> RowSet {
        guard let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { fatalError("out of memory") }
        // libpq copies the names.
        let names = columns.map { name in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.utf8.count + 1)
            name.withCString { copy.initialize(from: $0, count: name.utf8.count + 1) }
            return copy
        }
        defer { names.forEach { $0.deallocate() } }
        var descriptions = names.map { PGresAttDesc(name: $0, tableid: 0, columnid: 0, format: 0, typid: 25, typlen: -1, atttypmod: -1) }
        precondition(PQsetResultAttrs(result, Int32(columns.count), &descriptions) == 1)
        for (rowIndex, row) in rows.enumerated() {
            precondition(row.count == columns.count, "row \(rowIndex) has \(row.count) values for \(columns.count) columns")
            for (columnIndex, value) in row.enumerated() {
                let length = value.map { Int32($0.count) } ?? -1
                // libpq copies the value; the array's bytes are read as they are, for there may be many.
                let isSet = ((value ?? []) + [0]).withUnsafeBufferPointer { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { characters in
                        PQsetvalue(result, Int32(rowIndex), Int32(columnIndex), UnsafeMutablePointer(mutating: characters.baseAddress), length)
                    }
                }
                precondition(isSet == 1)
            }
        }
        return RowSet(owning: result)
    }
}
