internal import YAMLTree

/// Notes names that are given twice in a list, with both places.
struct UniqueNames {
    /// Where each name was given first.
    private(set) var readers: [String: NodeReader] = [:]

    /// The names so far.
    var all: Set<String> { Set(readers.keys) }

    /// Remembers a name; notes a problem when it is there already.
    mutating func insert(_ name: String, at reader: NodeReader) {
        if let earlier = readers[name] {
            reader.complain("the same as \(earlier.path) on line \(earlier.node.mark.line); each must be unique")
        } else {
            readers[name] = reader
        }
    }
}
