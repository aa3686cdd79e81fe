import CLibPQ

extension Connection {
    /// Runs one unnamed statement outside a pipeline: its rows, or the server's refusal. In a guise it is one transaction with the commands that
    /// come before it.
    /// - Throws: when the connection is of no further use.
    nonisolated(nonsending) func ask(
        _ sql: String,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Result<RowSet, PostgresError> {
        intake.begin()
        guard send(sql) else { throw lost() }
        var commands = guise.count
        var answer: Result<RowSet, PostgresError>?
        var count = 0
        while let result = try await nextResult(until: deadline) {
            let status = PQresultStatus(result)
            if commands > 0, answer == nil {
                guard status == PGRES_COMMAND_OK else { throw try refusal(owning: result) }
                commands -= 1
                PQclear(result)
                continue
            }
            count += 1
            // A server that goes may say so after an answer, and libpq may add that it has gone.
            guard count == 1 || (status == PGRES_FATAL_ERROR && count < 4) else {
                PQclear(result)
                throw SegmentReading.unexpected(status)
            }
            if count == 1 {
                answer = try self.answer(owning: result)
            } else {
                PQclear(result)
            }
        }
        if isBroken {
            throw lost(after: answer)
        }
        guard let answer else { throw PostgresError(.protocolViolation, "no answer to a query") }
        return answer
    }

    private func send(_ sql: String) -> Bool {
        guise.isEmpty
            ? PQsendQueryParams(pointer, sql, 0, nil, nil, nil, nil, 0) == 1
            : PQsendQuery(pointer, (guise + [sql]).joined(separator: "; ")) == 1
    }

    /// Why a command was refused that makes a transaction ours: nothing is asked without them.
    private func refusal(owning result: OpaquePointer) throws(PostgresError) -> PostgresError {
        guard case .failure(let error) = try answer(owning: result) else { return .notOurs() }
        return .notOurs(because: error)
    }

    /// Makes an answer of a result that is neither a synchronisation point nor that of a preparation.
    /// - Throws: when it is something that was not asked for, or libpq's own complaint: then the connection is of no further use.
    func answer(owning result: OpaquePointer) throws(PostgresError) -> Result<RowSet, PostgresError> {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            let rows = RowSet(owning: result)
            // An answer that ends without its tag: libpq takes the next statement's beginning for the end.
            guard PQcmdStatus(result)?.pointee != 0 || PQresultStatus(result) == PGRES_EMPTY_QUERY else {
                throw PostgresError(.protocolViolation, "the server has not ended its answer")
            }
            guard rows.count <= AnswerLimits.rows else {
                return .failure(PostgresError(.answerTooLarge, "the query returned \(rows.count) rows; \(AnswerLimits.rows) are the limit"))
            }
            return .success(rows)
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            let error = PGResult.error(in: result)
            guard error.sqlState == nil else { return .failure(error) }
            throw isBroken ? error : PostgresError(.protocolViolation, error.message)
        case let status:
            PQclear(result)
            throw SegmentReading.unexpected(status)
        }
    }

    /// Whether the answer to the hello, or to that of a guise, says that our session settings are in force.
    func isGreeted(_ answer: Result<RowSet, PostgresError>) throws(PostgresError) -> Bool {
        let rows = try answer.get()
        do throws(DecodeError) {
            return try rows.single { row throws(DecodeError) in
                let isOurs = try row.bool("ours")
                _ = try row.optionalText("checked")
                return isOurs
            }
        } catch {
            throw PostgresError(.protocolViolation, error.description)
        }
    }

    /// Why the connection broke: in the server's words when these were the last that arrived.
    func lost(after answer: Result<RowSet, PostgresError>? = nil) -> PostgresError {
        if case .failure(let last) = answer {
            return .lost(last.message, sqlState: last.sqlState)
        }
        return .lost(complaint)
    }
}
