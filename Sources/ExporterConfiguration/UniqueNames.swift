internal import YAMLTree

/// Notes names that are given twice in a list, with both places.
struct UniqueNames {
    private var first: [String: NodeReader] = [:]

    /// The names so far.
    var all: Set<String> { Set(first.keys) }

    /// Remembers a name; notes a problem when it is there already.
    mutating func insert(_ name: String, at reader: NodeReader) {
        if let earlier = first[name] {
            reader.complain("the same as \(earlier.path) on line \(earlier.node.mark.line); each must be unique")
        } else {
            first[name] = reader
        }
    }
}
