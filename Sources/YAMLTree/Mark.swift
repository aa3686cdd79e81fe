/// A place in a file, as an editor counts it: lines and columns (in characters) from 1.
package struct Mark: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, from 1.
    package var line: Int
    /// The column in characters (not bytes), from 1.
    package var column: Int

    /// Names a place; both numbers count from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// `line:column`.
    package var description: String { "\(line):\(column)" }
}
