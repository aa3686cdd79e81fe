import CLibPQ

extension ConnectionParameters {
    /// The keywords and values for `PQconnectStartParams` with `expand_dbname`, where later ones win.
    ///
    /// The connection string overrides our defaults but not our session settings, which are added to the user's own `options`.
    func keywords(password: String?, withSessionSettings: Bool) throws(PostgresError) -> [(keyword: String, value: String)] {
        let given = try ConnectionString(parsing: conninfo)
        var keywords = [
            ("client_encoding", "UTF8"),
            ("fallback_application_name", applicationName),
            // A peer that vanished is noticed within a minute when idle, and within 15 seconds when it owes an acknowledgement.
            ("keepalives", "1"),
            ("keepalives_idle", "30"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
        ]
        if !conninfo.isEmpty {
            keywords.append(("dbname", conninfo))
        }
        if let endpoint {
            keywords += [("host", endpoint.host), ("port", String(endpoint.port))]
        }
        if let password {
            keywords.append(("password", password))
        }
        if withSessionSettings {
            let own = given["options"] ?? ConnectionString.defaults().first { $0.keyword == "options" }?.value
            keywords.append(("options", [own, sessionSettings].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")))
        }
        return keywords
    }

    private var sessionSettings: String {
        let settings = [
            "statement_timeout=\(statementTimeout.wholeMilliseconds)", "lock_timeout=\(lockTimeout.wholeMilliseconds)", "search_path=pg_catalog",
            "jit=off",
        ]
        return settings.map { "-c \($0)" }.joined(separator: " ")
    }

    /// Passwords that libpq may know, and that no error text may show.
    func knownPasswords(provided: String?) -> [String] {
        let given = (try? ConnectionString(parsing: conninfo))?.options ?? []
        let secrets = (given + ConnectionString.defaults()).filter(\.isSecret).map(\.value)
        return (secrets + [provided].compactMap { $0 }).filter { !$0.isEmpty }
    }

    /// The first statement on a new connection: whether our session settings took effect, which a pooler may have prevented; if they did,
    /// the server is also told to notice within a second that its client has gone.
    func hello(noticingLostClients: Bool, hasTransactionTimeout: Bool) -> String {
        var settings: [String] = []
        if noticingLostClients {
            settings.append("set_config('client_connection_check_interval', '1000', false)")
        }
        if hasTransactionTimeout {
            // Statements that share a transaction have a limit each; a role's limit for all of them would end the session.
            settings.append("set_config('transaction_timeout', '0', false)")
        }
        return
            """
            SELECT ours, \(settings.isEmpty ? "NULL" : "CASE WHEN ours THEN " + settings.joined(separator: " || ") + " END") AS checked
            FROM (SELECT current_setting('statement_timeout')::interval = interval '\(statementTimeout.wholeMilliseconds) milliseconds'
                     AND current_setting('lock_timeout')::interval = interval '\(lockTimeout.wholeMilliseconds) milliseconds'
                     AND current_setting('search_path') = 'pg_catalog' AS ours) AS session
            """
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        // Zero would mean no limit at all.
        return self > .zero ? min(max(milliseconds, 1), Int64(Int32.max)) : 0
    }
}
