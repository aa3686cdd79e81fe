import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Which requests for authentication are answered: libpq's `require_auth`, which it knows from version 16 on, and we with any.
package struct AuthenticationRule: Sendable, Hashable {
    /// A way to authenticate, by libpq's name for it.
    package enum Method: String, Sendable, Hashable, CaseIterable {
        /// The password as it is.
        case password
        /// A hash of the password that is as good as the password to whoever keeps it.
        case md5
        case gss, sspi
        /// A proof that one knows the password, which also has the server prove that it does.
        case scram = "scram-sha-256"
        case oauth
        /// The server asks for nothing: it trusts us, or has seen all it wants in our certificate or in who we are on its host.
        case none
    }

    /// Where the rule is from.
    package enum Origin: Sendable, Hashable {
        case connectionString
        /// `PGREQUIREAUTH`
        case environment
        /// Nothing was said, and the server is one that Patroni names.
        case members
    }

    /// What is answered; with anything else the connection ends before libpq has answered.
    package let allowed: Set<Method>
    /// Where the rule is from.
    package let origin: Origin
    /// As `require_auth` has it.
    package let text: String

    /// For servers that somebody else names: nothing that tells a password, or what could be used in its place.
    package static let members = AuthenticationRule(allowed: [.scram, .gss, .sspi, .none], origin: .members, text: "scram-sha-256,gss,sspi,none")

    /// Whether libpq has `require_auth` itself. Then it gets the rule too.
    static let isKnownToLibpq = ConnectionKeywords.isKnownToLibpq("require_auth")

    private init(allowed: Set<Method>, origin: Origin, text: String) {
        self.allowed = allowed
        self.origin = origin
        self.text = text
    }

    /// Reads a value of `require_auth`: methods, or methods each with a `!` before it, separated by commas. nil for an empty one, which says
    /// nothing.
    /// - Throws: `invalidConnectionString`, without repeating the value.
    init?(parsing text: String, from origin: Origin) throws(PostgresError) {
        guard !text.isEmpty else { return nil }
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let negated = words.filter { $0.hasPrefix("!") }
        let methods = words.compactMap { Method(rawValue: String($0.drop { $0 == "!" })) }
        let isUniform = negated.isEmpty || negated.count == words.count
        guard isUniform, methods.count == words.count, Set(methods).count == methods.count, !words.contains(where: { $0.hasPrefix("!!") }) else {
            let name = origin == .environment ? "PGREQUIREAUTH" : "require_auth"
            let known = Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw PostgresError(
                .invalidConnectionString,
                "\(name): expected one or more of \(known), each once and separated by commas, or all of them with a ! before"
            )
        }
        self.init(allowed: negated.isEmpty ? Set(methods) : Set(Method.allCases).subtracting(methods), origin: origin, text: text)
    }

    /// What the environment says for all connection strings that say nothing. libpq before 16 does not look there.
    static func ofEnvironment() throws(PostgresError) -> AuthenticationRule? {
        guard let value = getenv("PGREQUIREAUTH") else { return nil }
        return try AuthenticationRule(parsing: String(cString: value), from: .environment)
    }
}
