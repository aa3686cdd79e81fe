/// A query without parameters, prepared once on each connection.
package struct Statement: Hashable, Sendable {
    /// Names the prepared statement on the server; one name for each text.
    package let name: String
    /// One SQL command.
    package let sql: String

    /// A statement; `name` must not be empty.
    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// What became of one statement.
package struct StatementOutcome: Sendable {
    /// The rows, or why there are none.
    package let result: Result<RowSet, PostgresError>
    /// The time that this statement took: from the answer before it, or from the sending for the first one, to its own answer. Answers that
    /// arrived together share theirs evenly.
    package let duration: Duration
    /// When the statement was sent.
    package let sentAt: ContinuousClock.Instant
    /// When the answer arrived, or was given up.
    package let receivedAt: ContinuousClock.Instant
}
