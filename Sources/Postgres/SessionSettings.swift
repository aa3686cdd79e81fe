/// What a session of ours must be like, whatever role, database, server, pooler or another client of it say: everything that could change an
/// answer or our time.
struct SessionSettings {
    struct Setting {
        let name: String
        /// As `current_setting()` shows it.
        let value: String
        /// Also when it is to be a list of names rather than one text.
        var isList = false

        init(_ name: String, _ value: String, isList: Bool = false) {
            self.name = name
            self.value = value
            self.isList = isList
        }
    }

    /// What every supported version has: they go along with the start-up packet, where they win over all that role and database say.
    let common: [Setting]

    init(statementTimeout: Duration, lockTimeout: Duration) {
        let limit = Self.shown(statementTimeout)
        common = [
            // ALTER ROLE monitor SET role = other takes our privileges away.
            Setting("role", "none"),
            // Before the path, whose names it would put in quotes.
            Setting("quote_all_identifiers", "off"),
            // Last, for temporary objects go first unless they are named.
            Setting("search_path", "pg_catalog, pg_temp", isList: true),
            // A hot standby knows no serializable.
            Setting("default_transaction_isolation", "read committed"),
            Setting("default_transaction_read_only", "on"),
            Setting("default_transaction_deferrable", "off"),
            Setting("statement_timeout", limit),
            Setting("lock_timeout", Self.shown(lockTimeout)),
            Setting("idle_in_transaction_session_timeout", limit),
            Setting("extra_float_digits", "1"),
            Setting("DateStyle", "ISO, MDY"),
            Setting("IntervalStyle", "postgres"),
            Setting("TimeZone", "UTC"),
            Setting("bytea_output", "hex"),
            // A role's debug5 sends hundreds of notices a statement.
            Setting("client_min_messages", "error"),
            Setting("exit_on_error", "off"),
            Setting("jit", "off"),
            Setting("max_parallel_workers_per_gather", "0"),
            Setting("row_security", "on"),
        ]
    }

    /// Sets anew what may change while a session is open: our limits.
    var limits: Statement {
        let calls = common.filter { ["statement_timeout", "idle_in_transaction_session_timeout"].contains($0.name) }.map {
            "pg_catalog.set_config('\($0.name)', '\($0.value)', false)"
        }
        return Statement(name: "limits", sql: "SELECT \(calls.joined(separator: ", "))")
    }

    /// The value of `options` in a start-up packet.
    var options: String {
        common.map { "-c \($0.name)=\($0.value.replacing(" ", with: "\\ "))" }.joined(separator: " ")
    }

    /// What only some versions have; none where the version is not known.
    static func versioned(_ version: ServerVersion) -> [Setting] {
        guard version.major >= 13 else { return [] }
        var settings: [Setting] = [Setting(version.major >= 16 ? "debug_parallel_query" : "force_parallel_mode", "off")]
        if version.major <= 18 { settings.append(Setting("standard_conforming_strings", "on")) }
        if version.major >= 15 { settings.append(Setting("stats_fetch_consistency", "cache")) }
        // Statements that share a transaction have a limit each; a role's limit for all of them would end the session.
        if version.major >= 17 { settings.append(Setting("transaction_timeout", "0")) }
        return settings
    }

    // MARK: - The first statement

    /// The first statement on a new connection, asked before it is known whose names the session's path leads to: whether our settings are in
    /// force, which a pooler may have prevented; if they are, those of this version are set, too.
    ///
    /// - Parameter noticesLostClients: whether the server is to notice within a second that its client has gone.
    func hello(_ version: ServerVersion, noticesLostClients: Bool) -> String {
        var settings = Self.versioned(version)
        if version.major >= 14 {
            settings.append(Setting("idle_session_timeout", "0"))
            if noticesLostClients { settings.append(Setting("client_connection_check_interval", "1000")) }
        }
        let calls = settings.map { "pg_catalog.set_config('\($0.name)', '\($0.value)', false)" }
        return """
            SELECT o.ours, \(calls.isEmpty ? "NULL" : "CASE WHEN o.ours THEN pg_catalog.concat(\(calls.joined(separator: ", "))) END") AS checked \
            FROM (SELECT \(areInForce) AS ours) AS o
            """
    }

    /// What proves the others: of those that change most, the ones that every version shows in the same words.
    private static let proof = [
        "role", "search_path", "default_transaction_isolation", "statement_timeout", "lock_timeout", "extra_float_digits",
    ]

    private var areInForce: String {
        (common.filter { Self.proof.contains($0.name) } + [Self.encoding]).map { setting in
            "pg_catalog.current_setting('\(setting.name)') OPERATOR(pg_catalog.=) '\(setting.value)'"
        }.joined(separator: " AND ")
    }

    /// No conversion, so that no name can make an answer fail: there is none from some encodings, and not of all bytes that occur.
    static let encoding = Setting("client_encoding", "SQL_ASCII")

    // MARK: - Behind a pooler

    /// Commands before a statement that is sent along with them: one implicit transaction, in which alone they hold, whatever connection to the
    /// server the pooler takes for it.
    func local(_ version: ServerVersion) -> [String] {
        ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY, NOT DEFERRABLE"]
            + (common + Self.versioned(version) + [Self.encoding]).map { setting in
                "SET LOCAL \(setting.name) = \(setting.isList ? setting.value : "'\(setting.value)'")"
            }
    }

    /// The question whether they hold.
    var localHello: String { "SELECT \(areInForce) AS ours, NULL AS checked" }

    /// A duration as PostgreSQL shows it: in the largest unit in which it is a whole number. Less than a millisecond is one: zero is no limit.
    private static func shown(_ duration: Duration) -> String {
        guard duration > .zero else { return "0" }
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let value = min(max(milliseconds, 1), Int64(Int32.max))
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)]
        guard let (unit, scale) = units.first(where: { value % $0.1 == 0 }) else { return "\(value)ms" }
        return "\(value / scale)\(unit)"
    }
}
