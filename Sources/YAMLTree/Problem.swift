/// One mistake in a file: where it is, and what was expected there. Never quotes what may be a secret.
package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it, or whatever else the value came from (`--dsn`, `PGWAL_DSN`).
    package var file: String
    /// The place in the file; nil when the problem is the file itself.
    package var mark: Mark?
    /// The keys that lead to the value, such as `targets[0].port`; empty for the whole document.
    package var path: String
    /// What is wrong and what is allowed, in one line.
    package var message: String

    /// Makes a problem; only `file` and `message` are always known.
    package init(file: String, mark: Mark? = nil, path: String = "", message: String) {
        self.file = file
        self.mark = mark
        self.path = path
        self.message = message
    }

    /// One line in the form that editors understand: `config.yml:4:11: targets[0].port: expected …`.
    package var description: String {
        var line = file
        if let mark { line += ":\(mark)" }
        if !path.isEmpty { line += ": \(path)" }
        return line + ": " + message
    }
}
