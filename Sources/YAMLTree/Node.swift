/// One value of a YAML document, with the place where it begins.
package struct Node: Sendable, Hashable {
    /// What a node holds.
    package enum Content: Sendable, Hashable {
        /// Text, a number, a boolean or nothing: what it means is decided by who reads it.
        case scalar(Scalar)
        /// A list.
        case sequence([Node])
        /// Keys and values in the order of the file. A key given twice is here twice: `NodeReader` reports it, as it alone
        /// knows the path.
        case mapping([Entry])
        /// Something that cannot be used (an alias, say) and has been complained of already.
        case unusable
    }

    /// A scalar as it was written.
    package struct Scalar: Sendable, Hashable {
        /// The text, with quotes and escapes resolved.
        package var text: String
        /// True when it was written without quotes and not as a block (`|`, `>`): only then can it be a number, a boolean
        /// or null.
        package var isPlain: Bool

        /// Makes a scalar of its text and of whether it was written plainly.
        package init(text: String, isPlain: Bool) {
            self.text = text
            self.isPlain = isPlain
        }
    }

    /// A key of a mapping and its value.
    package struct Entry: Sendable, Hashable {
        /// The key's text.
        package var key: String
        /// Where the key begins.
        package var keyMark: Mark
        /// The key's value.
        package var value: Node
    }

    /// Where the node begins.
    package var mark: Mark
    /// What the node holds.
    package var content: Content

    /// True for a value left out, or written `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let scalar) = content, scalar.isPlain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }
}
