/// Everything that is wrong with a configuration. Holds no secret.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each mistake, in the order of the file: `config.yml:4:11: targets[0].dsn: …`.
    package let lines: [String]

    /// What cannot be had, though the configuration is well-formed. The reason is one line, and holds no secret.
    package init(_ reason: String) {
        lines = [reason]
    }

    init(lines: [String]) {
        self.lines = lines
    }

    /// All lines, ready to print.
    package var description: String { lines.joined(separator: "\n") }
}
