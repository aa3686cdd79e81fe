import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ConnectionParameters {
    /// The keywords and values for `PQconnectStartParams` with `expand_dbname`, where later ones win.
    ///
    /// The connection string overrides our defaults, but neither the encoding nor our session settings, which are added to the user's own
    /// `options`.
    ///
    /// - Parameter addresses: where the endpoint is, when its name must not be looked up again.
    func keywords(
        password: String?,
        sending parameters: StartupParameters,
        to addresses: [String]? = nil
    ) throws(PostgresError) -> [(keyword: String, value: String)] {
        let given = try ConnectionString(parsing: conninfo)
        var keywords = [
            // A peer that vanished is noticed within a minute when idle, and within 15 seconds when it owes an acknowledgement.
            ("keepalives", "1"),
            ("keepalives_idle", "30"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
        ]
        if parameters != .none {
            keywords.append(("fallback_application_name", applicationName))
        }
        if !given.textForLibpq.isEmpty {
            keywords.append(("dbname", given.textForLibpq))
        }
        if let endpoint {
            let count = addresses?.count ?? 1
            keywords += [("host", Array(repeating: endpoint.host, count: count).joined(separator: ",")), ("port", String(endpoint.port))]
            if let addresses { keywords.append(("hostaddr", addresses.joined(separator: ","))) }
        }
        // What a service file says is not known here; libpq goes by it, and we by our rule besides.
        if AuthenticationRule.isKnownToLibpq, let rule = try authenticationRule(), given["service"] == nil, getenv("PGSERVICE") == nil {
            keywords.append(("require_auth", rule.text))
        }
        if let password {
            keywords.append(("password", password))
        }
        if parameters != .none {
            keywords.append((SessionSettings.encoding.name, SessionSettings.encoding.value))
        }
        if parameters == .all {
            let own = given["options"] ?? ConnectionString.defaults().first { $0.option.keyword == "options" }?.option.value
            keywords.append(("options", [own, settings.options].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")))
        }
        return keywords
    }

    /// Which requests for authentication are answered; nil: those that libpq answers.
    func authenticationRule() throws(PostgresError) -> AuthenticationRule? {
        if let value = try ConnectionString(parsing: conninfo)["require_auth"],
            let rule = try AuthenticationRule(parsing: value, from: .connectionString)
        {
            return rule
        }
        return try AuthenticationRule.ofEnvironment() ?? authentication
    }

    /// What the session is to be like.
    var settings: SessionSettings { SessionSettings(statementTimeout: statementTimeout, lockTimeout: lockTimeout) }

    /// All that libpq may be given, in the order of libpq's keys: secrets, and what may be shown.
    func given(with password: String?) -> (secrets: [String], shown: [String]) {
        let options = ((try? ConnectionString(parsing: conninfo))?.options ?? []) + ConnectionString.defaults().map(\.option)
        let secrets = options.filter { ConnectionKeywords.passwords.contains($0.keyword) }.map(\.value) + [password].compactMap(\.self)
        return (secrets, options.filter { !$0.isSecret }.map(\.value) + [endpoint?.host].compactMap(\.self))
    }
}
