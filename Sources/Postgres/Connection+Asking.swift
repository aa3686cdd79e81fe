import CLibPQ

extension Connection {
    /// Runs one unnamed statement outside a pipeline: its rows, or the server's refusal.
    /// - Throws: when the connection is of no further use.
    nonisolated(nonsending) func ask(
        _ sql: String,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Result<RowSet, PostgresError> {
        guard PQsendQueryParams(pointer, sql, 0, nil, nil, nil, nil, 0) == 1 else { throw lost() }
        var answer: Result<RowSet, PostgresError>?
        while let result = try await nextResult(until: deadline) {
            answer = answer ?? Self.answer(owning: result)
        }
        if isBroken {
            throw lost(after: answer)
        }
        guard let answer else { throw PostgresError(.protocolViolation, "no answer to a query") }
        return answer
    }

    /// Makes an answer of a result that is neither a synchronisation point nor that of a preparation.
    static func answer(owning result: OpaquePointer) -> Result<RowSet, PostgresError> {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return .success(RowSet(owning: result))
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            return .failure(PGResult.error(in: result))
        case let status:
            defer { PQclear(result) }
            return .failure(PostgresError(.protocolViolation, "a query was answered with \(String(cString: PQresStatus(status)))"))
        }
    }

    /// Whether the answer to the hello says that our session settings are in force.
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
