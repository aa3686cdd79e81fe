import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Opens a connection on the calling thread, which may block in name lookup and is therefore one made for it.
struct ConnectionOpening {
    let parameters: ConnectionParameters
    let deadline: ContinuousClock.Instant
    /// Asked between steps: whether nobody waits for the connection any more.
    let isAbandoned: () -> Bool

    func open() -> Result<OpenedConnection, PostgresError> {
        let password: String?
        do {
            password = try parameters.passwordProvider?()
        } catch {
            return .failure(PostgresError(.passwordUnavailable, "the password could not be obtained: \(error)"))
        }
        do throws(PostgresError) {
            return .success(try open(password: password, at: try allowedAddresses()))
        } catch {
            return .failure(error)
        }
    }

    /// The addresses that the endpoint's name leads to and that may be connected to; nil where libpq may go by the name.
    private func allowedAddresses() throws(PostgresError) -> [String]? {
        guard let endpoint = parameters.endpoint, let isAllowed = parameters.isAllowedAddress else { return nil }
        let found = try NameLookup.addresses(of: endpoint.host)
        let allowed = found.filter(isAllowed)
        guard allowed.isEmpty else { return allowed }
        let places = found.first == endpoint.host ? "" : ", which leads to \(found.joined(separator: ", "))"
        throw PostgresError(.connectionFailed, "\(endpoint.host)\(places), is outside members_within; nothing was sent there")
    }

    private func open(password: String?, at addresses: [String]?) throws(PostgresError) -> OpenedConnection {
        var startup = StartupParameters.all
        while true {
            do throws(PostgresError) {
                return try open(password: password, sending: startup, to: addresses)
            } catch {
                guard let next = startup.next(after: error) else { throw error }
                startup = next
            }
        }
    }

    private func open(password: String?, sending startup: StartupParameters, to addresses: [String]?) throws(PostgresError) -> OpenedConnection {
        let keywords = try parameters.keywords(password: password, sending: startup, to: addresses)
        guard let connection = Self.start(keywords) else { throw PostgresError(.connectionFailed, "out of memory") }
        do throws(PostgresError) {
            // libpq's own receiver writes to standard error.
            PQsetNoticeReceiver(connection, { _, _ in }, nil)
            // Verbose messages contain the SQLSTATE, which libpq offers nowhere else while connecting.
            PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
            try finish(connection)
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            return OpenedConnection(pointer: connection, hasSessionSettings: startup == .all)
        } catch {
            defer { PQfinish(connection) }
            let given = parameters.given(with: password)
            // Also the one that libpq found by itself, in its password file or its service file.
            let secrets = given.secrets + [PQpass(connection).map { String(cString: $0) }].compactMap(\.self)
            let isQuotable = !ErrorText.repeats(secrets, in: error.message, besides: given.shown) && ErrorText.mayQuote(connection)
            throw isQuotable ? error : PostgresError(error.code, sqlState: error.sqlState, ErrorText.withheld)
        }
    }

    /// Hands keywords and values to libpq, which begins to connect. nil when there is no memory.
    static func start(_ keywords: [(keyword: String, value: String)]) -> OpaquePointer? {
        let names = keywords.map { strdup($0.keyword) } + [nil]
        let values = keywords.map { strdup($0.value) } + [nil]
        defer { (names + values).forEach { free($0) } }
        return PQconnectStartParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
    }

    /// Carries libpq's connection procedure to its end. The socket may be another one after each step.
    private func finish(_ connection: OpaquePointer) throws(PostgresError) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw failure(of: connection) }
        var watch = AuthenticationWatch(of: connection, try parameters.authenticationRule())
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw failure(of: connection) }
            try wait(for: state == PGRES_POLLING_READING ? .readable : .writable, on: connection)
            state = state == PGRES_POLLING_READING ? try watch.step(until: deadline) : PQconnectPoll(connection)
        }
    }

    private func wait(for interest: Interest, on connection: OpaquePointer) throws(PostgresError) {
        while true {
            let left = deadline - .now
            guard left > .zero else { throw PostgresError(.deadlinePassed, during: "connecting") }
            guard !isAbandoned() else { throw PostgresError(.cancelled, during: "connecting") }
            // In slices, so that an abandoned attempt ends soon without a pipe to wake each of these short-lived threads.
            let slice = Int32(min(left / .milliseconds(1), 100).rounded(.up))
            var entry = pollfd(fd: PQsocket(connection), events: Int16(interest == .readable ? POLLIN : POLLOUT), revents: 0)
            if poll(&entry, 1, slice) > 0 { return }
        }
    }

    private func failure(of connection: OpaquePointer) -> PostgresError {
        Self.failure(saying: PGResult.text(PQerrorMessage(connection)))
    }

    /// Makes an error of libpq's verbose complaint: one or several attempts, each with an SQLSTATE if the server said anything.
    static func failure(saying complaint: String) -> PostgresError {
        var sqlState: SQLState?
        var lines: [String] = []
        for line in complaint.split(whereSeparator: \.isNewline) where !line.hasPrefix("LOCATION:") {
            var text = ErrorText.quotesConnectionString(line) ? ErrorText.unreadableService : String(line)
            // "FATAL:  28P01: password authentication failed": the severity is in the server's language, the form is not.
            if let mark = text.firstRange(of: ":  "), text[mark.upperBound...].dropFirst(5).hasPrefix(": "),
                let state = SQLState(text[mark.upperBound...].prefix(5))
            {
                sqlState = state
                text.removeSubrange(mark.upperBound..<text.index(mark.upperBound, offsetBy: 7))
            }
            if !lines.contains(text) {
                lines.append(text)
            }
        }
        return PostgresError(.connectionFailed, sqlState: sqlState, lines.joined(separator: "\n"))
    }
}
