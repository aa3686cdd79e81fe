extension Row {
    /// A text that is one of a type's raw values. A word that the type does not know is an error: a new state must not pass for an old one.
    package mutating func enumeration<Value: RawRepresentable<String>>(
        _ name: StaticString,
        as type: Value.Type
    ) throws(DecodeError) -> Value {
        try known(type, text(name), name)
    }

    /// A text that is one of a type's raw values, or nil for NULL.
    package mutating func optionalEnumeration<Value: RawRepresentable<String>>(
        _ name: StaticString,
        as type: Value.Type
    ) throws(DecodeError) -> Value? {
        guard let text = try optionalText(name) else { return nil }
        return try known(type, text, name)
    }

    private func known<Value: RawRepresentable<String>>(
        _ type: Value.Type,
        _ text: String,
        _ name: StaticString
    ) throws(DecodeError) -> Value {
        guard let value = Value(rawValue: text) else {
            throw DecodeError(column: name.description, row: Int(index), expected: "a known \(type)", found: DecodeError.quoted(text))
        }
        return value
    }
}
