import CLibPQ

/// What the results up to one synchronisation point stand for: pure, and strict. Whatever was not asked for is an error, so that no server can
/// keep the reader busy or pass one statement's answer off as another's.
struct SegmentReading {
    enum Event: Equatable {
        /// The statement has been prepared.
        case prepared
        /// The result answers this statement: the position in the segment.
        case answer(Int)
        /// The server skipped this statement.
        case skipped(Int)
        /// A failure that follows another one: the last words of a server that goes.
        case furtherError
        /// The skipped execution after a failed preparation.
        case nothing
        /// The synchronisation point.
        case end
    }

    private var isPreparing: Bool
    private let statements: Int
    private var position = 0
    private var hasFailed = false
    private var furtherErrors = 0
    private var silences = 0

    init(isPreparing: Bool, statements: Int) {
        self.isPreparing = isPreparing
        self.statements = statements
    }

    /// Notes that libpq has no result.
    mutating func endOfCommand() throws(PostgresError) {
        silences += 1
        guard silences < 3 else { throw PostgresError(.protocolViolation, "a query was not answered") }
    }

    mutating func take(_ status: ExecStatusType) throws(PostgresError) -> Event {
        silences = 0
        switch status {
        case PGRES_PIPELINE_SYNC:
            guard position == statements else { throw PostgresError(.protocolViolation, "a query was not answered") }
            return .end
        case PGRES_COMMAND_OK where isPreparing:
            isPreparing = false
            return .prepared
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            guard !isPreparing, !hasFailed else { throw Self.unexpected(status) }
            return try answer(status)
        case PGRES_FATAL_ERROR:
            isPreparing = false
            if position < statements, !hasFailed {
                hasFailed = true
                return try answer(status)
            }
            furtherErrors += 1
            guard furtherErrors < 4 else { throw Self.unexpected(status) }
            return .furtherError
        case PGRES_PIPELINE_ABORTED:
            guard hasFailed else { throw Self.unexpected(status) }
            guard position < statements else {
                silences += 1
                return .nothing
            }
            defer { position += 1 }
            return .skipped(position)
        default:
            throw Self.unexpected(status)
        }
    }

    private mutating func answer(_ status: ExecStatusType) throws(PostgresError) -> Event {
        guard position < statements else { throw Self.unexpected(status) }
        defer { position += 1 }
        return .answer(position)
    }

    /// The error for a result that nobody asked for.
    static func unexpected(_ status: ExecStatusType) -> PostgresError {
        PostgresError(.protocolViolation, "the server answered with \(String(cString: PQresStatus(status))), which was not asked for")
    }
}
