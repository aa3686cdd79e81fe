/// The statements of one run and what has become of them so far.
struct Flight {
    let statements: [Statement]
    private var results: [StatementOutcome?]
    private let startedAt = ContinuousClock.now
    private var sentAt: [ContinuousClock.Instant?]
    private var lastAnswerAt: ContinuousClock.Instant
    /// The answers that came together last; their time is not shared out yet.
    private var burst: [(index: Int, result: Result<RowSet, PostgresError>)] = []
    private var burstAt: ContinuousClock.Instant
    private var burstNumber = 0

    init(of statements: [Statement]) {
        self.statements = statements
        results = Array(repeating: nil, count: statements.count)
        sentAt = Array(repeating: nil, count: statements.count)
        lastAnswerAt = startedAt
        burstAt = startedAt
    }

    /// Notes that a statement is sent now, once more perhaps.
    mutating func send(_ index: Int) {
        sentAt[index] = .now
    }

    /// Notes the answer to a statement.
    ///
    /// - Parameter burst: the number of the arrival that it came with, when the server may have held answers back to send several together:
    ///   the time until then is shared out evenly among them, as nobody can tell them apart. Nil when it was sent as soon as it was there.
    mutating func record(_ result: Result<RowSet, PostgresError>, for index: Int, inBurst number: Int? = nil) {
        if number == nil || number != burstNumber {
            settle()
        }
        burst.append((index, result))
        burstAt = .now
        burstNumber = number ?? 0
        if number == nil {
            settle()
        }
    }

    /// All outcomes, when every statement has been answered.
    consuming func ended() -> [StatementOutcome] {
        ended(by: PostgresError(.protocolViolation, "a query was not answered"))
    }

    /// All outcomes, when nothing more will be answered.
    consuming func ended(by error: PostgresError) -> [StatementOutcome] {
        settle()
        for index in statements.indices where results[index] == nil {
            record(.failure(error), for: index)
        }
        return results.compactMap { $0 }
    }

    /// All outcomes, when no answer can be believed: one too many or too few may stand for another.
    consuming func spoiled(by error: PostgresError) -> [StatementOutcome] {
        Flight(of: statements).ended(by: error)
    }

    private mutating func settle() {
        let share = burst.isEmpty ? .zero : (burstAt - lastAnswerAt) / burst.count
        for (index, result) in burst {
            results[index] = StatementOutcome(result: result, duration: share, sentAt: sentAt[index] ?? startedAt, receivedAt: burstAt)
        }
        if !burst.isEmpty {
            lastAnswerAt = burstAt
        }
        burst.removeAll(keepingCapacity: true)
    }
}
