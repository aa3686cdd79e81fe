/// Everything that is wrong with a configuration. Holds no secret.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each mistake, in the order of the file: `config.yml:4:11: targets[0].dsn: …`.
    package let lines: [String]

    /// All lines, ready to print.
    package var description: String { lines.joined(separator: "\n") }
}
