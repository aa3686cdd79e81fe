extension NodeReader {
    /// A text and the place it was read from.
    package struct Text {
        /// The text.
        package let value: String
        /// Its place, to complain of it.
        package let reader: NodeReader
    }

    /// A key that the user chose, with its value.
    package struct TextEntry {
        /// The key.
        package let key: Text
        /// Its value.
        package let value: Text
    }

    /// The elements of a list.
    package func list() -> [NodeReader]? {
        guard case .sequence(let nodes) = node.content else {
            complain(expected: "a list")
            return nil
        }
        return nodes.enumerated().map { NodeReader(node: $1, path: "\(path)[\($0)]", log: log) }
    }

    /// The elements of a list of texts. One that is no text is noted and left out.
    package func textList() -> [Text]? {
        list()?.compactMap { element in element.text().map { Text(value: $0, reader: element) } }
    }

    /// The entries of a mapping whose keys the user chooses, in the order of the file. A value that is no text is noted and
    /// left out; so is a key given again.
    package func textMap() -> [TextEntry]? {
        entries()?.compactMap { key, value in
            value.text().map { TextEntry(key: key, value: Text(value: $0, reader: value)) }
        }
    }

    /// A mapping with a fixed set of keys. Each other key is noted, with the known ones and the one that was probably meant.
    package func mapping(of known: [String]) -> MappingReader? {
        guard let entries = entries() else { return nil }
        var values: [String: NodeReader] = [:]
        for (key, value) in entries {
            if known.contains(key.value) {
                values[key.value] = value
            } else {
                let hint = Suggestion.hint(for: key.value, among: known)
                key.reader.complain("unknown key; known: \(known.sorted().joined(separator: ", "))\(hint)")
            }
        }
        return MappingReader(reader: self, known: known, values: values)
    }

    /// The entries of a mapping whose keys the user chooses, with values of any kind. A key given again is noted and left out.
    package func entries() -> [(key: Text, value: NodeReader)]? {
        guard case .mapping(let entries) = node.content else {
            complain(expected: "a mapping of keys to values")
            return nil
        }
        var lines: [String: Int] = [:]
        var result: [(key: Text, value: NodeReader)] = []
        for entry in entries {
            let path = self.path(to: entry.key)
            let keyNode = Node(mark: entry.keyMark, content: .scalar(Node.Scalar(text: entry.key, isPlain: true)))
            let key = Text(value: entry.key, reader: NodeReader(node: keyNode, path: path, log: log))
            if let line = lines[entry.key] {
                key.reader.complain("duplicate key, first given on line \(line)")
            } else {
                lines[entry.key] = entry.keyMark.line
                result.append((key, NodeReader(node: entry.value, path: path, log: log)))
            }
        }
        return result
    }

    /// A key that may not be shown adds nothing to the path: the line says which it is.
    private func path(to key: String) -> String {
        guard let word = Quotation.word(key) else { return path }
        return path.isEmpty ? word : "\(path).\(word)"
    }
}
