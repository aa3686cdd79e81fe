import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A cursor over the columns of one row, read from left to right.
///
/// Every read names the column it means; that the column at the cursor has this name is checked, so a decoder cannot silently read the wrong
/// one. Nothing is guessed: NULL where a value is required, or a text that is not wholly a value of the type, throws ``DecodeError``.
package struct Row: ~Copyable {
    private let result: OpaquePointer
    let index: Int32
    private let columnCount: Int32
    private var column: Int32 = 0

    init(result: OpaquePointer, index: Int32) {
        self.result = result
        self.index = index
        columnCount = PQnfields(result)
    }

    // MARK: - Text

    /// A text that is not NULL. Bytes that are not UTF-8 (from a SQL_ASCII database) become `\xNN`, so that different names stay different.
    package mutating func text(_ name: StaticString) throws(DecodeError) -> String {
        try required(name, "text") { Self.text($0) }
    }

    /// A text, or nil for NULL.
    package mutating func optionalText(_ name: StaticString) throws(DecodeError) -> String? {
        try optional(name, "text") { Self.text($0) }
    }

    // MARK: - Numbers

    /// An integer of any PostgreSQL type, as int8, that is not NULL.
    package mutating func int64(_ name: StaticString) throws(DecodeError) -> Int64 {
        try required(name, "int8") { Int64(exactly: $0) }
    }

    /// An integer, or nil for NULL.
    package mutating func optionalInt64(_ name: StaticString) throws(DecodeError) -> Int64? {
        try optional(name, "int8") { Int64(exactly: $0) }
    }

    /// A float8 or numeric that is not NULL; also `Infinity`, `-Infinity` and `NaN`.
    package mutating func double(_ name: StaticString) throws(DecodeError) -> Double {
        try required(name, "float8") { Double(exactly: $0) }
    }

    /// A float8 or numeric, or nil for NULL.
    package mutating func optionalDouble(_ name: StaticString) throws(DecodeError) -> Double? {
        try optional(name, "float8") { Double(exactly: $0) }
    }

    // MARK: - Truth values

    /// A boolean that is not NULL: `t` or `f`, nothing else.
    package mutating func bool(_ name: StaticString) throws(DecodeError) -> Bool {
        try required(name, "bool") { Self.bool($0) }
    }

    /// A boolean, or nil for NULL.
    package mutating func optionalBool(_ name: StaticString) throws(DecodeError) -> Bool? {
        try optional(name, "bool") { Self.bool($0) }
    }

    // MARK: - The cursor

    /// A value in libpq's memory; a zero byte follows it.
    typealias Bytes = UnsafeBufferPointer<UInt8>

    @inline(__always)
    private mutating func required<Value>(
        _ name: StaticString,
        _ type: StaticString,
        _ parse: (Bytes) -> Value?
    ) throws(DecodeError) -> Value {
        guard let value = try optional(name, type, parse) else { throw unexpected(name, type, found: "NULL") }
        return value
    }

    @inline(__always)
    private mutating func optional<Value>(
        _ name: StaticString,
        _ type: StaticString,
        _ parse: (Bytes) -> Value?
    ) throws(DecodeError) -> Value? {
        guard column < columnCount, let found = PQfname(result, column) else { throw unexpected(name, type, found: "no further column") }
        guard strcmp(found, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)) == 0 else {
            throw unexpected(name, type, found: "column \(DecodeError.quoted(String(cString: found)))")
        }
        defer { column += 1 }
        // libpq keeps a pointer to an empty text for NULL, so only an empty value needs the question.
        let length = PQgetlength(result, index, column)
        if length == 0, PQgetisnull(result, index, column) == 1 { return nil }
        let bytes = UnsafeRawPointer(PQgetvalue(result, index, column)).map {
            Bytes(start: $0.assumingMemoryBound(to: UInt8.self), count: Int(length))
        }
        guard let bytes else { throw unexpected(name, type, found: "no value") }
        guard let value = parse(bytes) else { throw unexpected(name, type, found: DecodeError.quoted(Self.text(bytes))) }
        return value
    }

    /// Throws unless every column has been read.
    func finish() throws(DecodeError) {
        guard column == columnCount else {
            let unread = String(cString: PQfname(result, column))
            throw DecodeError(column: unread, row: Int(index), expected: "the end of the row", found: "an unread column")
        }
    }

    @inline(never)
    private func unexpected(_ name: StaticString, _ type: StaticString, found: String) -> DecodeError {
        DecodeError(column: name.description, row: Int(index), expected: type.description, found: found)
    }
}
