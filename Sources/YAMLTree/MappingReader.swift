/// The values of a mapping with a fixed set of keys; made by `NodeReader.mapping(of:)`.
package struct MappingReader {
    /// The mapping itself, to complain of it as a whole.
    package let reader: NodeReader
    private let known: [String]
    private let values: [String: NodeReader]

    init(reader: NodeReader, known: [String], values: [String: NodeReader]) {
        self.reader = reader
        self.known = known
        self.values = values
    }

    /// The value of a key, or nil when the key is not there.
    package func optional(_ key: String) -> NodeReader? {
        precondition(known.contains(key), "\(key) is not among the known keys")
        return values[key]
    }

    /// The value of a key that must be there; notes a problem and gives nil when it is not. `hint` says what to write.
    package func required(_ key: String, hint: String? = nil) -> NodeReader? {
        guard let value = optional(key) else {
            reader.complain("the key '\(key)' is missing" + (hint.map { "; \($0)" } ?? ""))
            return nil
        }
        return value
    }
}
