/// How to reach a server and under which limits to run statements there.
///
/// What the connection string leaves open, libpq takes from its environment (`PGHOST`, …), its service file and its password file.
package struct ConnectionParameters: Sendable {
    /// libpq's keywords and values, or a URI; empty for libpq's environment alone.
    package var conninfo: String
    /// Where the server is, for a connection string that several servers share. The string must not have a `hostaddr`, which would win.
    package var endpoint: Endpoint?
    /// Whether a numeric IP address may be connected to, for an endpoint that somebody else names. Its name is looked up by us then, once, and
    /// libpq gets the addresses that may be. nil: any address, and what a name leads to is libpq's business.
    package var isAllowedAddress: (@Sendable (String) -> Bool)?
    /// Which requests for authentication are answered when neither the connection string nor `PGREQUIREAUTH` says; nil: those that libpq answers.
    package var authentication: AuthenticationRule?
    /// Asked for the password at each connect, on a thread of its own, so that a rotated password is taken up. nil leaves it to libpq. What it
    /// throws is quoted in an error text.
    package var passwordProvider: (@Sendable () throws -> String?)?
    /// The session's name in `pg_stat_activity`, unless the connection string or `PGAPPNAME` gives another.
    package var applicationName: String
    /// `statement_timeout` of the session, in whole milliseconds: the server's own limit, in case our cancel request is lost. Zero for none.
    package var statementTimeout: Duration
    /// `lock_timeout` of the session, in whole milliseconds. Zero for none.
    package var lockTimeout: Duration

    /// Parameters; see the properties.
    package init(
        conninfo: String = "",
        endpoint: Endpoint? = nil,
        passwordProvider: (@Sendable () throws -> String?)? = nil,
        applicationName: String = "pgwal_exporter",
        statementTimeout: Duration = .seconds(5),
        lockTimeout: Duration = .seconds(1)
    ) {
        self.conninfo = conninfo
        self.endpoint = endpoint
        self.passwordProvider = passwordProvider
        self.applicationName = applicationName
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
    }

    /// A host (or address, or socket directory) and a port.
    package struct Endpoint: Sendable, Hashable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// The keywords that a connection string gives a value to; empty when it is not well-formed.
    package static func keywords(in conninfo: String) -> Set<String> {
        Set(((try? ConnectionString(parsing: conninfo))?.options ?? []).map(\.keyword))
    }

    /// Where a connection string leads, what it leaves open taken from libpq's environment: every host by name and by address, in order.
    /// Empty when it is not well-formed, or names neither host nor address.
    package static func endpoints(of conninfo: String) -> [Endpoint] {
        guard let given = try? ConnectionString(parsing: conninfo) else { return [] }
        let defaults = ConnectionString.defaults()
        func list(_ keyword: String) -> [String] {
            let value = given[keyword] ?? defaults.first { $0.option.keyword == keyword }?.option.value ?? ""
            return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let ports = list("port")
        var endpoints: [Endpoint] = []
        for keyword in ["host", "hostaddr"] {
            for (index, host) in list(keyword).enumerated() where !host.isEmpty {
                let text = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
                guard let port = text.isEmpty ? 5432 : Int(text) else { continue }
                endpoints.append(Endpoint(host: host, port: port))
            }
        }
        return endpoints
    }

    /// Whether two connection strings say the same, however each is written.
    package static func areSame(_ one: String, _ other: String) -> Bool {
        // What cannot be read is the same as itself alone.
        guard one != other, let these = try? ConnectionString(parsing: one), let those = try? ConnectionString(parsing: other) else {
            return one == other
        }
        return these.values == those.values
    }

    /// Checks a connection string, and what the environment and a service file add to it, as far as that can be without connecting.
    /// - Throws: ``PostgresError`` with code `invalidConnectionString` and a text that quotes nothing that may be a password.
    package static func validate(_ conninfo: String) throws(PostgresError) {
        let given = try ConnectionString(parsing: conninfo)
        try ConnectionRehearsal.checkEnvironment(for: given)
        try ConnectionRehearsal.check(conninfo, given)
    }

    /// Whether a connection string holds a password, or cannot be read.
    package static func mayHoldPassword(_ conninfo: String) -> Bool {
        guard let options = (try? ConnectionString(parsing: conninfo))?.options else { return true }
        return options.contains(where: \.isSecret)
    }

    /// Whether a connection string holds a password. False when it is not well-formed.
    package static func holdsPassword(_ conninfo: String) -> Bool {
        !keywords(in: conninfo).isDisjoint(with: ConnectionKeywords.passwords)
    }

    /// The connection string as it may be logged: `host=… port=… dbname=… user=…` and the other options given, every secret as `***`.
    package static func redacted(_ conninfo: String) -> String {
        guard let parsed = try? ConnectionString(parsing: conninfo) else { return "(not a valid connection string)" }
        guard !parsed.options.isEmpty else { return "(from the environment)" }
        let first = ["host", "hostaddr", "port", "dbname", "user"]
        let ordered =
            first.compactMap { keyword in parsed.options.first { $0.keyword == keyword } }
            + parsed.options.filter { !first.contains($0.keyword) }
        return ordered.map { "\($0.keyword)=\($0.isSecret ? "***" : quoted($0.value))" }.joined(separator: " ")
    }

    /// In the form that libpq reads. It goes by bytes: a quote is one, whatever accent may follow it.
    private static func quoted(_ value: String) -> String {
        let isOneLine = !value.contains(where: \.isNewline) && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        let shown = isOneLine ? value : value.asOneLine
        guard shown.isEmpty || shown.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "'" || $0 == "\\" }) else { return shown }
        return "'" + shown.unicodeScalars.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "'"
    }
}

extension ConnectionParameters: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The redacted connection string: a dump of the properties would show its password.
    package var description: String { Self.redacted(conninfo) }

    /// The same.
    package var debugDescription: String { description }

    /// Shows no properties.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
