/// The statements of one run and what has become of them so far.
struct Flight {
    let statements: [Statement]
    private(set) var outcomes: [StatementOutcome] = []
    private let sentAt = ContinuousClock.now
    private var lastAnswerAt: ContinuousClock.Instant

    init(of statements: [Statement]) {
        self.statements = statements
        lastAnswerAt = sentAt
        outcomes.reserveCapacity(statements.count)
    }

    /// Notes the answer to the first statement that has none.
    mutating func record(_ result: Result<RowSet, PostgresError>) {
        let now = ContinuousClock.now
        outcomes.append(StatementOutcome(result: result, duration: now - lastAnswerAt, sentAt: sentAt, receivedAt: now))
        lastAnswerAt = now
    }

    /// All outcomes, when nothing more will be answered.
    consuming func ended(by error: PostgresError) -> [StatementOutcome] {
        while outcomes.count < statements.count {
            record(.failure(error))
        }
        return outcomes
    }
}
