/// Values that must be within bounds: one outside is not what the decoder was written for, and as much an error as a text that is no number.
extension Row {
    /// An integer within a range.
    package mutating func int64(_ name: StaticString, in range: ClosedRange<Int64>) throws(DecodeError) -> Int64 {
        try within(range, int64(name), name)
    }

    /// An integer within a range, or nil for NULL.
    package mutating func optionalInt64(_ name: StaticString, in range: ClosedRange<Int64>) throws(DecodeError) -> Int64? {
        guard let value = try optionalInt64(name) else { return nil }
        return try within(range, value, name)
    }

    /// A number within a range: neither NaN nor infinite.
    package mutating func double(_ name: StaticString, in range: ClosedRange<Double>) throws(DecodeError) -> Double {
        try within(range, double(name), name)
    }

    /// A number within a range, or nil for NULL.
    package mutating func optionalDouble(_ name: StaticString, in range: ClosedRange<Double>) throws(DecodeError) -> Double? {
        guard let value = try optionalDouble(name) else { return nil }
        return try within(range, value, name)
    }

    /// A text of at most `limit` bytes of UTF-8.
    package mutating func text(_ name: StaticString, limit: Int) throws(DecodeError) -> String {
        try short(text(name), limit, name)
    }

    /// A text of at most `limit` bytes of UTF-8, or nil for NULL.
    package mutating func optionalText(_ name: StaticString, limit: Int) throws(DecodeError) -> String? {
        guard let text = try optionalText(name) else { return nil }
        return try short(text, limit, name)
    }

    /// What a decoder throws for a value that it has read and that cannot be.
    /// - Parameters:
    ///   - name: the column.
    ///   - expected: what the value should be.
    ///   - found: the value.
    package func refusal(of name: StaticString, expected: String, found: String) -> DecodeError {
        DecodeError(column: name.description, row: Int(index), expected: expected, found: DecodeError.quoted(found))
    }

    private func within<Value: Comparable>(_ range: ClosedRange<Value>, _ value: Value, _ name: StaticString) throws(DecodeError) -> Value {
        guard range.contains(value) else {
            throw refusal(of: name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }

    private func short(_ text: String, _ limit: Int, _ name: StaticString) throws(DecodeError) -> String {
        guard text.utf8.count <= limit else {
            throw refusal(of: name, expected: "a text of at most \(limit) bytes", found: text)
        }
        return text
    }
}
