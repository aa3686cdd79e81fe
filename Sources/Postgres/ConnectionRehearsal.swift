import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// All that libpq does before it connects: it reads its environment and its service file, and refuses what it does not like.
enum ConnectionRehearsal {
    /// libpq refuses this one after all others, and so never gets to connecting.
    private static let end = (keyword: "target_session_attrs", value: "(no connection is wanted)")

    /// Checks what the environment gives where a connection string does not.
    static func checkEnvironment(for given: ConnectionString) throws(PostgresError) {
        for (option, variable) in ConnectionString.defaults() where given[option.keyword] == nil {
            // Those of the service file, which PGSERVICE names, are the rehearsal's to check.
            guard let variable, let value = getenv(variable), String(cString: value) == option.value else { continue }
            guard let complaint = ConnectionValues.complaint(about: option.value, of: option.keyword) else { continue }
            throw PostgresError(.invalidConnectionString, "the environment variable \(variable) cannot be used: \(complaint)")
        }
        // Ours where libpq does not know it.
        _ = try AuthenticationRule.ofEnvironment()
    }

    /// Checks the whole of what libpq would go by.
    static func check(_ conninfo: String, _ given: ConnectionString) throws(PostgresError) {
        for option in try effective(conninfo) where given[option.keyword] == nil && option.keyword != end.keyword {
            guard let complaint = ConnectionValues.complaint(about: option.value, of: option.keyword) else { continue }
            throw PostgresError(.invalidConnectionString, "the service file, or the environment, cannot be used: \(complaint)")
        }
    }

    /// What libpq would go by: what a connection string gives, a service file, the environment, and its own defaults. Without a password.
    static func effective(_ conninfo: String) throws(PostgresError) -> [ConnectionString.Option] {
        // A password keeps libpq from looking for one in its file, and from complaining of that file on standard error.
        let keywords = try ConnectionParameters(conninfo: conninfo).keywords(password: "none", sending: .none) + [end]
        guard let connection = ConnectionOpening.start(keywords) else { throw PostgresError(.outOfResources, "out of memory") }
        defer { PQfinish(connection) }
        let complaint = PGResult.text(PQerrorMessage(connection))
        guard complaint.contains(end.keyword) else { throw PostgresError(.invalidConnectionString, words(for: complaint)) }
        guard let effective = PQconninfo(connection) else { throw PostgresError(.outOfResources, "out of memory") }
        defer { PQconninfoFree(effective) }
        return ConnectionString.list(effective).map(\.option).filter { $0.keyword != "password" }
    }

    /// libpq quotes the values that it refuses.
    private static func words(for complaint: String) -> String {
        let complaint = complaint.asOneLine
        // "invalid sslmode value: …"
        if complaint.hasPrefix("invalid "), let mark = complaint.firstRange(of: " value:") {
            let keyword = complaint[..<mark.lowerBound].dropFirst("invalid ".count)
            if ConnectionKeywords.names.contains(String(keyword)) { return "libpq \(ClientLibrary.version) does not accept the value of \(keyword)" }
        }
        if complaint.hasPrefix("definition of service") { return "service: there is none of this name in libpq's service file" }
        // These name a file, and a line in it.
        if complaint.hasPrefix("service file"), complaint.hasSuffix("not found") { return complaint }
        if complaint.contains("in service file \"") { return complaint }
        if complaint.hasPrefix("could not match") { return complaint }
        return "libpq \(ClientLibrary.version) cannot use it together with its environment or its service file"
    }
}
