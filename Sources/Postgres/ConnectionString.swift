import CLibPQ

/// What libpq makes of a connection string (keywords and values, or a URI), without connecting.
struct ConnectionString {
    struct Option: Equatable {
        let keyword: String
        let value: String
        /// Whether nobody is to see the value. `options` may hold settings of extensions, and the key's PIN is in what names an engine.
        var isSecret: Bool {
            ConnectionKeywords.passwords.contains(keyword) || keyword == "options" || keyword == "sslkey" && value.contains(":")
        }
    }

    /// The options that the string gives, in libpq's order.
    let options: [Option]

    /// - Throws: ``PostgresError`` with code `invalidConnectionString`. Its text never quotes the string, of which any piece may belong to a
    ///   password.
    init(parsing conninfo: String) throws(PostgresError) {
        let requireAuth = AuthenticationRule.isKnownToLibpq ? nil : RequireAuthText(conninfo)
        let conninfo = requireAuth?.rest ?? conninfo
        let assignments: [ConnectionStringSyntax.Assignment]
        do throws(ConnectionStringSyntax.Mistake) {
            assignments = try ConnectionStringSyntax(conninfo).assignments
        } catch {
            throw Self.error("\(error.message); expected key=value pairs or a postgresql:// URI")
        }
        // Of all that is given, also of what a later one replaces: something else may follow in it.
        let complaint =
            assignments.lazy.compactMap(ConnectionKeywords.complaint).first
            ?? assignments.lazy.compactMap { ConnectionValues.complaint(about: $0.text, of: $0.keyword) }.first
        if let complaint { throw Self.error(complaint) }
        let given = Dictionary(assignments.map { ($0.keyword, $0.text) }) { $1 }
        if let complaint = ConnectionValues.complaint(about: { given[$0] }) { throw Self.error(complaint) }
        let known = ConnectionKeywords.known.compactMap { known in given[known.keyword].map { Option(keyword: known.keyword, value: $0) } }
        // What has been looked at is what libpq takes, or nothing is.
        guard try Self.read(conninfo) == known else { throw Self.error("libpq \(ClientLibrary.version) reads it otherwise than it is meant") }
        options = known + (requireAuth?.value.map { [Option(keyword: RequireAuthText.keyword, value: $0)] } ?? [])
        // What libpq would refuse only when it connects, and might be anything.
        if let rule = self[RequireAuthText.keyword] { _ = try AuthenticationRule(parsing: rule, from: .connectionString) }
    }

    subscript(keyword: String) -> String? {
        options.first { $0.keyword == keyword }?.value
    }

    /// The values given, by keyword.
    var values: [String: String] { Dictionary(options.map { ($0.keyword, $0.value) }) { $1 } }

    /// What libpq takes from the environment and its service file for what a connection string leaves open, with the name of the variable that each
    /// has.
    static func defaults() -> [(option: Option, variable: String?)] {
        guard let defaults = PQconndefaults() else { return [] }
        defer { PQconninfoFree(defaults) }
        return list(defaults)
    }

    /// The options of a list of libpq's that have a value.
    static func list(_ list: UnsafeMutablePointer<PQconninfoOption>) -> [(option: Option, variable: String?)] {
        var options: [(option: Option, variable: String?)] = []
        var next = list
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val {
                let option = Option(keyword: String(cString: keyword), value: String(cString: value))
                options.append((option, next.pointee.envvar.map { String(cString: $0) }))
            }
            next += 1
        }
        return options
    }

    private static func read(_ conninfo: String) throws(PostgresError) -> [Option] {
        guard let parsed = PQconninfoParse(conninfo, nil) else { throw error("libpq \(ClientLibrary.version) cannot read it") }
        defer { PQconninfoFree(parsed) }
        return list(parsed).map(\.option)
    }

    static func error(_ complaint: String) -> PostgresError {
        PostgresError(.invalidConnectionString, "not a valid connection string: \(complaint)")
    }
}
