/// One connection to one server, ever: opened on demand, kept open, closed when its protocol state is unknown.
///
/// Operations take turns. Each ends by its deadline, whatever the peer does, and at once when the calling task is cancelled. The actor runs on
/// an ``EventLoop``; libpq is called on that loop's thread only, except for connecting and cancelling, which may block.
package actor Session {
    /// The loop that the session runs on.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Whether a connection is open, as far as is known without asking the server.
    package var isConnected: Bool { connection != nil }
    /// The server's version; number 0 while not connected.
    package var serverVersion: ServerVersion { connection?.serverVersion ?? ServerVersion(number: 0) }
    /// How statements are sent on this connection; nil while not connected.
    package var mode: SessionMode? { connection?.mode }
    /// The process that serves this connection, as the server (or a pooler in its stead) calls it; nil while not connected.
    package var backendPID: Int32? { connection?.backendPID }
    /// How many connections have been opened.
    package private(set) var connectsTotal = 0
    /// How many times statements were sent and their answers awaited: one per run when pipelined and one
    /// more when a failure made others be sent again, one per statement when serial, and one for each new connection.
    package private(set) var roundTripsTotal = 0

    private let loop: EventLoop
    private var parameters: ConnectionParameters
    private let open: ConnectionAttempt.Open
    private let gate: ConnectGate
    private let turns: TurnQueue
    private let canceller = Canceller()
    private var connection: Connection?
    /// The last attempt to connect as long as its thread runs, also after it was given up.
    private var attempt: ConnectionAttempt?
    /// Where the session waits before it may begin an attempt.
    private var place: ConnectPlace?
    /// How many connections in a row broke on their first pipeline, without the server's saying why.
    private var pipelinesBroken = 0

    /// A session that is not connected yet.
    package init(_ parameters: ConnectionParameters, on loop: EventLoop = .shared) {
        self.init(parameters, on: loop) { parameters, deadline, isAbandoned in
            withoutActuallyEscaping(isAbandoned) { isAbandoned in
                ConnectionOpening(parameters: parameters, deadline: deadline, isAbandoned: isAbandoned).open()
            }
        }
    }

    init(
        _ parameters: ConnectionParameters,
        on loop: EventLoop,
        through gate: ConnectGate = .shared,
        open: @escaping ConnectionAttempt.Open
    ) {
        self.parameters = parameters
        self.gate = gate
        self.loop = loop
        self.open = open
        turns = TurnQueue(on: loop)
    }

    // MARK: - Connecting

    /// Opens the connection, unless it is open. One that the server has closed meanwhile, as in a restart, is replaced.
    ///
    /// Name lookup cannot be interrupted; when one hangs, the call ends at its deadline nevertheless, and the next one waits for that lookup
    /// instead of starting another, so that a session never has two threads or two connections.
    /// Of all sessions of the process some 32 connect at a time; the others wait for their turn.
    /// - Parameters:
    ///   - patience: how long it may wait for its turn, which is not the server's time: the deadline moves by as much. Zero: the deadline holds for
    ///     both.
    ///   - isRetry: the last attempt failed; those that have not failed go first.
    /// - Returns: by how much the deadline moved.
    /// - Throws: ``PostgresError``, e.g. `connectionFailed`, `timedOut`, `cancelled`, `outOfResources`.
    @discardableResult
    package func connect(
        until deadline: ContinuousClock.Instant,
        patience: Duration = .zero,
        isRetry: Bool = false
    ) async throws(PostgresError) -> Duration {
        try await takeTurn(until: deadline, for: "connecting")
        defer { turns.pass() }
        if let connection, !connection.isUsedUp() { return .zero }
        connection = nil
        try await outliveFormerAttempt(until: deadline)
        let asked = ContinuousClock.now
        let place = try await placeToConnect(until: patience > .zero ? asked + patience : deadline, isRetry: isRetry)
        let waited = patience > .zero ? ContinuousClock.now - asked : .zero
        let deadline = deadline + waited
        // Those of later go into the next one, or into this one once it is ours.
        let parameters = parameters
        let opened = try await openConnection(parameters, at: place, until: deadline)
        let connection = Connection(opened, statementTimeout: parameters.statementTimeout, on: loop)
        self.connection = connection
        connectsTotal += 1
        do throws(PostgresError) {
            try await chooseMode(of: connection, parameters.settings, until: deadline)
        } catch {
            giveUp(connection, after: error)
            throw error
        }
        return waited
    }

    private func outliveFormerAttempt(until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        guard let attempt else { return }
        if let failure = WaitFailure(await attempt.ended.wait(until: deadline)) {
            throw PostgresError(failure, during: "connecting: waiting for an earlier attempt, whose name lookup or authentication hangs")
        }
        self.attempt = nil
    }

    private func placeToConnect(until deadline: ContinuousClock.Instant, isRetry: Bool) async throws(PostgresError) -> ConnectPlace {
        let place = gate.request(isRetry: isRetry, on: loop)
        self.place = place
        defer { self.place = nil }
        do throws(PostgresError) {
            try await place.wait(until: deadline)
        } catch {
            place.leave()
            throw error
        }
        return place
    }

    private func openConnection(
        _ parameters: ConnectionParameters,
        at place: ConnectPlace,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> OpenedConnection {
        let attempt = try ConnectionAttempt.start(parameters, at: place, until: deadline, on: loop, open: open)
        self.attempt = attempt
        let wakeup = await attempt.settled.wait(until: deadline)
        guard let outcome = attempt.takeOutcome() else {
            attempt.abandon()
            throw PostgresError(WaitFailure(wakeup) ?? .cancelled, during: "connecting")
        }
        self.attempt = nil
        return try outcome.get()
    }

    /// Pipelines and a session's settings are for a server that we talk to directly. A pooler shows by the settings that did not arrive: there
    /// each statement has its own, and nothing is asked where it cannot have them.
    private func chooseMode(
        of connection: Connection,
        _ settings: SessionSettings,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) {
        let version = connection.serverVersion
        if connection.hasSessionSettings, try await isOurs(connection, settings, until: deadline) {
            guard pipelinesBroken < 2 else {
                pipelinesBroken = 0
                return
            }
            connection.enterPipelineMode()
            return
        }
        connection.guise = settings.local(version)
        roundTripsTotal += 1
        let answer = try await connection.ask(settings.localHello, until: deadline)
        if case .failure(let error) = answer { throw .notOurs(because: error) }
        guard try connection.isGreeted(answer) else { throw .notOurs() }
    }

    private func isOurs(
        _ connection: Connection,
        _ settings: SessionSettings,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Bool {
        let version = connection.serverVersion
        roundTripsTotal += 1
        var answer = try await connection.ask(settings.hello(version, noticesLostClients: true), until: deadline)
        if case .failure = answer, version.major >= 14 {
            // Not every platform can notice them; the statement has failed as a whole then.
            roundTripsTotal += 1
            answer = try await connection.ask(settings.hello(version, noticesLostClients: false), until: deadline)
        }
        // One that is refused may have met somebody else's settings, such as an isolation level that a standby has not.
        if case .failure = answer { return false }
        return try connection.isGreeted(answer)
    }

    // MARK: - Running

    /// Runs the statements and returns an outcome for each, in their order.
    ///
    /// A failed statement costs only itself. Statements that have run before may share a transaction, and their answers may arrive together. When the deadline passes, the task is cancelled or the connection is lost, the answers received
    /// so far are kept, the others are failures, the server is asked to cancel what it still runs, and the session is closed.
    package func run(_ statements: [Statement], until deadline: ContinuousClock.Instant) async -> [StatementOutcome] {
        var flight = Flight(of: statements)
        do throws(PostgresError) {
            try await takeTurn(until: deadline, for: "query")
        } catch {
            return flight.ended(by: error)
        }
        defer { turns.pass() }
        guard let connection else { return flight.ended(by: .lost("not connected")) }
        guard !statements.isEmpty else { return [] }
        let timeout = parameters.statementTimeout
        let limits = limitsToSet(on: connection)
        if !limits.isEmpty { flight = Flight(of: statements + limits) }
        do throws(PostgresError) {
            switch connection.mode {
            case .pipelined:
                roundTripsTotal += 1
                defer {
                    roundTripsTotal += connection.roundTripsMore
                    connection.roundTripsMore = 0
                }
                try await connection.runPipelined(&flight, until: deadline)
                pipelinesBroken = 0
            case .serial:
                for (index, statement) in flight.statements.enumerated() {
                    roundTripsTotal += 1
                    flight.record(try await connection.ask(statement.sql, until: deadline), for: index)
                }
            }
            let outcomes = flight.ended()
            guard !limits.isEmpty else { return outcomes }
            // Refused, they are tried again with the next run.
            if case .success? = outcomes.last?.result { connection.statementTimeout = timeout }
            return Array(outcomes.prefix(statements.count))
        } catch {
            giveUp(connection, after: error)
            let outcomes = error.code == .protocolViolation ? flight.spoiled(by: error) : flight.ended(by: error)
            return Array(outcomes.prefix(statements.count))
        }
    }

    /// Lets the server's own limit for a statement be another one: at once in the next connection, and with the next run in the open one.
    package func setStatementTimeout(_ timeout: Duration) {
        parameters.statementTimeout = timeout
    }

    /// What is to be asked along because the limits have changed since the connection was opened.
    private func limitsToSet(on connection: Connection) -> [Statement] {
        guard connection.statementTimeout != parameters.statementTimeout else { return [] }
        guard connection.guise.isEmpty else {
            connection.guise = parameters.settings.local(connection.serverVersion)
            connection.statementTimeout = parameters.statementTimeout
            return []
        }
        return [parameters.settings.limits]
    }

    // MARK: - Closing

    /// Closes the connection; what is under way ends at once as if cancelled. The session can be connected again.
    package func close() async {
        connection?.interrupt()
        attempt?.abandon()
        place?.leave()
        // What was under way has nothing left to wait for.
        await turns.takeRegardless()
        defer { turns.pass() }
        connection = nil
    }

    private func giveUp(_ connection: Connection, after error: PostgresError) {
        if error.code == .timedOut || error.code == .cancelled {
            canceller.cancel(connection)
        } else if connection.mode == .pipelined, !connection.hasAnsweredPipeline, error.sqlState == nil {
            pipelinesBroken += 1
        }
        self.connection = nil
    }

    private func takeTurn(until deadline: ContinuousClock.Instant, for what: String) async throws(PostgresError) {
        do {
            try await turns.take(until: deadline)
        } catch {
            throw PostgresError(error, during: what)
        }
    }
}
