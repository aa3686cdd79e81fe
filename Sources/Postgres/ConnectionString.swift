import CLibPQ

/// What libpq makes of a connection string (keywords and values, or a URI), without connecting.
struct ConnectionString {
    struct Option {
        let keyword: String
        let value: String
        let isSecret: Bool
    }

    /// The options that the string gives, in libpq's order.
    let options: [Option]

    /// - Throws: ``PostgresError`` with code `invalidConnectionString`. Its text never quotes the string, of which any piece may belong to a
    ///   password; the one exception is a misspelt option that resembles a real one.
    init(parsing conninfo: String) throws(PostgresError) {
        guard !conninfo.utf8.contains(0) else { throw Self.unusable }
        guard !conninfo.isEmpty else {
            options = []
            return
        }
        let given = AuthenticationRule.isKnownToLibpq ? nil : RequireAuthText(conninfo)
        let conninfo = given?.rest ?? conninfo
        var complaint: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(conninfo, &complaint) else {
            defer { PQfreemem(complaint) }
            throw Self.error(for: complaint.map { String(cString: $0) } ?? "")
        }
        defer { PQconninfoFree(parsed) }
        options = Self.options(in: parsed) + (given?.value.map { [Option(keyword: "require_auth", value: $0, isSecret: false)] } ?? [])
        // What libpq would refuse only when it connects, and might be anything.
        if let rule = self["require_auth"] { _ = try AuthenticationRule(parsing: rule, from: .connectionString) }
        try refuseMisplacedPassword(isURI: conninfo.hasPrefix("postgresql://") || conninfo.hasPrefix("postgres://"))
    }

    subscript(keyword: String) -> String? {
        options.first { $0.keyword == keyword }?.value
    }

    /// What libpq takes from the environment and its service file for what a connection string leaves open.
    static func defaults() -> [Option] {
        guard let defaults = PQconndefaults() else { return [] }
        defer { PQconninfoFree(defaults) }
        return options(in: defaults)
    }

    /// Whether libpq knows a keyword.
    static func isKeyword(_ keyword: String) -> Bool {
        guard let known = PQconndefaults() else { return false }
        defer { PQconninfoFree(known) }
        var next = known
        while let pointer = next.pointee.keyword {
            if String(cString: pointer) == keyword { return true }
            next += 1
        }
        return false
    }

    private static func options(in list: UnsafeMutablePointer<PQconninfoOption>) -> [Option] {
        var options: [Option] = []
        var next = list
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val {
                let name = String(cString: keyword)
                options.append(Option(keyword: name, value: String(cString: value), isSecret: isSecret(name, next.pointee.dispchar)))
            }
            next += 1
        }
        return options
    }

    private static func isSecret(_ keyword: String, _ displayMode: UnsafeMutablePointer<CChar>?) -> Bool {
        // libpq hides passwords ("*") but not the SCRAM keys of libpq 18, which are as good as a password.
        displayMode?.pointee == CChar(UInt8(ascii: "*")) || keyword.hasPrefix("scram_")
    }

    // MARK: - Errors

    private static let unusable = PostgresError(
        .invalidConnectionString,
        "not a valid connection string: expected key=value pairs or a postgresql:// URI"
    )

    private static func error(for complaint: String) -> PostgresError {
        for phrase in ["invalid connection option \"", "invalid URI query parameter: \""] where complaint.hasPrefix(phrase) {
            let word = complaint.dropFirst(phrase.count).prefix { $0 != "\"" }
            guard let meant = nearestKeyword(to: String(word)) else { break }
            return PostgresError(.invalidConnectionString, "\(unusable.message); unknown option '\(word)', did you mean '\(meant)'?")
        }
        return unusable
    }

    private static func nearestKeyword(to word: String) -> String? {
        guard let known = PQconndefaults() else { return nil }
        defer { PQconninfoFree(known) }
        var nearest: (keyword: String, distance: Int)?
        var next = known
        while let pointer = next.pointee.keyword {
            let keyword = String(cString: pointer)
            let distance = editDistance(word, keyword)
            if distance <= 2, distance < (nearest?.distance ?? .max) {
                nearest = (keyword, distance)
            }
            next += 1
        }
        return nearest?.keyword
    }

    /// In a URI, a `/` or `@` that was not percent-encoded moves a part of the password into the host, the port or the database,
    /// and from there into libpq's error texts.
    private func refuseMisplacedPassword(isURI: Bool) throws(PostgresError) {
        let ports = (self["port"] ?? "").split(separator: ",")
        let hosts = (self["host"] ?? "").split(separator: ",")
        let isSuspect =
            !ports.allSatisfy { UInt16($0) != nil }
            // A directory or an abstract socket may be called anything; a colon is part of an IPv6 address.
            || hosts.contains { !$0.hasPrefix("/") && !$0.hasPrefix("@") && $0.contains { "@/?# ".contains($0) } }
            || isURI && (self["dbname"] ?? "").contains("@")
        guard !isSuspect else {
            throw PostgresError(
                .invalidConnectionString,
                "\(Self.unusable.message); in a URI, the characters / @ : of a user or a password must be percent-encoded"
            )
        }
    }
}
