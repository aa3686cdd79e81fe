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

    /// The string without what the libpq that is linked does not know. Empty when that is nothing.
    let textForLibpq: String

    /// - Throws: ``PostgresError`` with code `invalidConnectionString`. Its text never quotes the string, of which any piece may belong to a
    ///   password.
    init(parsing conninfo: String) throws(PostgresError) {
        let syntax: ConnectionStringSyntax
        do throws(ConnectionStringSyntax.Mistake) {
            syntax = try ConnectionStringSyntax(conninfo)
        } catch {
            throw Self.error("\(error.message); expected key=value pairs or a postgresql:// URI")
        }
        // Of all that is given, also of what a later one replaces: something else may follow in it.
        let complaint =
            syntax.assignments.lazy.compactMap(ConnectionKeywords.complaint).first
            ?? syntax.assignments.lazy.compactMap { ConnectionValues.complaint(about: $0.text, of: $0.keyword) }.first
        if let complaint { throw Self.error(complaint) }
        let given = Dictionary(syntax.assignments.map { ($0.keyword, $0.text) }) { $1 }
        if let complaint = ConnectionValues.complaint(about: { given[$0] }) { throw Self.error(complaint) }
        options = ConnectionKeywords.known.compactMap { known in given[known.keyword].map { Option(keyword: known.keyword, value: $0) } }
        let forLibpq = options.filter { ConnectionKeywords.isKnownToLibpq($0.keyword) }
        let text = forLibpq.count == options.count ? conninfo : syntax.text(without: "require_auth")
        // Of blanks alone, libpq would make the name of a database.
        textForLibpq = forLibpq.isEmpty ? "" : text
        // What has been looked at is what libpq takes, or nothing is.
        guard try Self.read(text) == forLibpq else { throw Self.error("libpq \(ClientLibrary.version) reads it otherwise than it is meant") }
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
