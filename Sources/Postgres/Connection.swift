import CLibPQ

/// A `PGconn` on its way from the thread that opened it to the session that will use it.
///
/// `@unchecked Sendable`: a `PGconn` may be used by any thread, by one at a time; whoever holds this hands it on and forgets it.
struct OpenedConnection: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Whether our session settings went along; a pooler may refuse them.
    let hasSessionSettings: Bool
}

/// An open connection. Not Sendable: it belongs to its session. Closing is `deinit`.
final class Connection {
    let pointer: OpaquePointer
    let serverVersion: ServerVersion
    let backendPID: Int32
    var prepared = PreparedStatements()
    let hasSessionSettings: Bool
    /// The commands that make each transaction ours, where the session cannot be.
    var guise: [String] = []
    /// The server's own limit for a statement of ours.
    var statementTimeout: Duration
    /// Statements that do not fly together with others for now.
    var troubled = TroubledStatements()
    /// Whether the statements that flew together last took so long that each is to be watched.
    var wasSlow = false
    /// How many times statements were sent again in the same run, since the session last asked.
    var roundTripsMore = 0
    /// Whether any statement has been answered in pipeline mode.
    var hasAnsweredPipeline = false
    private(set) var mode = SessionMode.serial
    let intake: Intake

    private let loop: EventLoop
    /// At most one task waits for a connection at a time, so that one name serves all its waits.
    private let waitID: UInt64
    private var isInterrupted = false

    init(_ opened: OpenedConnection, statementTimeout: Duration, on loop: EventLoop) {
        self.loop = loop
        self.statementTimeout = statementTimeout
        waitID = loop.core.newWaitID()
        pointer = opened.pointer
        hasSessionSettings = opened.hasSessionSettings
        serverVersion = ServerVersion(number: Int(PQserverVersion(pointer)))
        backendPID = PQbackendPID(pointer)
        intake = Intake(of: pointer)
        PQsetnonblocking(pointer, 1)
    }

    deinit {
        PQfinish(pointer)
    }

    var isBroken: Bool { PQstatus(pointer) == CONNECTION_BAD }

    /// Whether a connection on which nothing is under way is of no further use: the peer is known to have closed it, or has made libpq remember
    /// more than is reasonable. Asks the kernel, not the server.
    func isUsedUp() -> Bool {
        // Twice: the first call may read the server's last words, the second one the end of the stream behind them.
        intake.isOverfull || PQconsumeInput(pointer) == 0 || PQconsumeInput(pointer) == 0 || isBroken
    }

    /// libpq's last complaint.
    var complaint: String { PGResult.text(PQerrorMessage(pointer)) }

    func enterPipelineMode() {
        if PQenterPipelineMode(pointer) == 1 {
            mode = .pipelined
        }
    }

    /// Ends the wait under way, and all later ones, as if the waiting task were cancelled.
    func interrupt() {
        isInterrupted = true
        loop.core.post(.finish(waitID, .cancelled))
    }

    /// The next result, or nil at the end of a command's results; suspends until libpq has one. The caller clears it.
    nonisolated(nonsending) func nextResult(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> OpaquePointer? {
        while !isBroken {
            let unsent = PQflush(pointer)
            // On a connection that breaks, what has arrived before is still to be read; on one that does not, PQgetResult would block.
            if unsent < 0, !isBroken { throw lost() }
            guard try intake.needsMore(), !isBroken else { break }
            try await waitForSocket(unsent == 1 ? [.readable, .writable] : .readable, until: deadline)
            if try !intake.read(), !isBroken { throw lost() }
        }
        let result = PQgetResult(pointer)
        result.map(intake.account)
        return result
    }

    private nonisolated(nonsending) func waitForSocket(_ interest: Interest, until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        let wakeup = isInterrupted ? .cancelled : await loop.core.wait(waitID, for: interest, on: PQsocket(pointer), until: deadline)
        if let failure = WaitFailure(wakeup) {
            throw PostgresError(failure, during: "query")
        }
    }
}

/// How a session talks to its server.
package enum SessionMode: Hashable, Sendable {
    /// All statements of a run in one round trip, each prepared once.
    case pipelined
    /// One unnamed statement after the other, each a transaction with settings of its own, none changed beyond: what works through any pooler.
    case serial
}
