import Postgres

/// The one connection to a target, as far as its monitor needs it.
protocol TargetSession: Sendable {
    var isConnected: Bool { get async }
    var connectsTotal: Int { get async }
    var backendPID: Int32? { get async }

    /// Opens the connection, unless it is open. Waits for its turn for `patience` at most, by which the deadline moves: that is returned.
    func connect(until deadline: ContinuousClock.Instant, patience: Duration, isRetry: Bool) async throws(PostgresError) -> Duration
    /// An outcome for each statement. Ends by the deadline, and at once when the task is cancelled.
    func run(_ statements: [Statement], until deadline: ContinuousClock.Instant) async -> [StatementOutcome]
    /// The server's own limit for a statement; on an open connection too, from the next run on.
    func setStatementTimeout(_ timeout: Duration) async
    func close() async
}

extension Session: TargetSession {}
