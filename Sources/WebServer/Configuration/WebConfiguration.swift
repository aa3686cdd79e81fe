import YAMLTree

/// What a web configuration file says, in the format of Prometheus' exporter-toolkit: TLS, response headers, users and a rate limit.
package struct WebConfiguration: Sendable {
    /// nil: the file has no such section.
    var tls: TLSSection?
    /// HTTP/2 isn't served; what the file says of it decides whether its list of ciphers is checked for it.
    var allowsHTTP2 = true
    /// Sent with every answer that is not refused before users are looked at.
    var headers: [ConfiguredHeader] = []
    /// Empty: nobody is asked for a password.
    var users: [ConfiguredUser] = []
    /// nil: no limit.
    var rateLimit: RateLimit?
    /// What is allowed, and hardly meant.
    var warnings: [Problem] = []

    /// Whether the file asks for TLS: versions, ciphers and the like alone do not.
    var isTLSConfigured: Bool { tls?.isConfigured ?? false }
}

/// A header that the file adds to answers.
struct ConfiguredHeader: Sendable, Hashable {
    var name: String
    var value: String
}

/// A user who may log in, by the hash of his password.
struct ConfiguredUser: Sendable {
    /// As bytes: that is how it is compared.
    var name: [UInt8]
    var hash: Placed<String>
}

/// How many requests are answered in a time, those of all clients together.
struct RateLimit: Sendable, Hashable {
    /// The time in which one more may come; not zero.
    var interval: Duration
    /// How many may come at once.
    var burst: Int
}

/// A value with its place in the file, to complain of it after the file was read.
struct Placed<Value: Sendable>: Sendable {
    var value: Value
    var place: Place
}

/// A place in the file.
struct Place: Sendable {
    var file: String
    var mark: Mark
    var path: String

    func problem(_ message: String) -> Problem {
        Problem(file: file, mark: mark, path: path, message: message)
    }
}

/// Everything that is wrong with a web configuration. Holds no secret.
package struct WebConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each mistake, in the order of the file.
    package let lines: [String]

    init(_ problems: [Problem]) {
        lines = problems.map(\.description)
    }

    /// All lines, ready to print.
    package var description: String { lines.joined(separator: "\n") }
}
