import ReplicationModel

/// Text that is put into statements and commands which people run: names may hold anything.
package enum SQLText {
    /// A literal: `'it''s'`. With a backslash in it the form that does not depend on standard_conforming_strings.
    package static func literal(_ text: String) -> String {
        let quoted = quoting(text, "'", with: "''")
        return text.unicodeScalars.contains("\\") ? "E" + quoting(quoted, "\\", with: "\\\\").surrounded("'") : quoted.surrounded("'")
    }

    /// A value in postgresql.conf, where a backslash always escapes.
    package static func setting(_ text: String) -> String {
        quoting(quoting(text, "\\", with: "\\\\"), "'", with: "''").surrounded("'")
    }

    /// A scalar in YAML's double quotes.
    package static func yaml(_ text: String) -> String {
        quoting(quoting(text, "\\", with: "\\\\"), "\"", with: "\\\"").surrounded("\"")
    }

    /// A word for a POSIX shell: bare when it is harmless, else `'it'\''s'`.
    package static func shell(_ text: String) -> String {
        let isHarmless =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                    || "-_./:,=@%+".unicodeScalars.contains(scalar)
            }
        return isHarmless ? text : quoting(text, "'", with: "'\\''").surrounded("'")
    }

    // Scalars, not characters: an accent must not hide the quotation mark that it follows.
    private static func quoting(_ text: String, _ mark: Unicode.Scalar, with replacement: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == mark { result.append(contentsOf: replacement.unicodeScalars) } else { result.append(scalar) }
        }
        return String(result)
    }
}

extension String {
    fileprivate func surrounded(_ mark: String) -> String { mark + self + mark }
}
