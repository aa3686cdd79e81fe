import CLibPQ

extension Connection {
    /// Sends all statements of the flight, each with a synchronisation point of its own, then reads their answers.
    /// - Throws: when the connection is of no further use; the flight has the answers received until then.
    nonisolated(nonsending) func runPipelined(_ flight: inout Flight, until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        var newNames: [String?] = []
        for statement in flight.statements {
            newNames.append(try send(statement))
        }
        for (statement, newName) in zip(flight.statements, newNames) {
            flight.record(try await nextAnswer(to: statement, preparedAs: newName, until: deadline))
            hasAnsweredPipeline = true
        }
    }

    /// Queues a statement, preceded by its preparation if this connection does not know it: its name is returned then.
    private func send(_ statement: Statement) throws(PostgresError) -> String? {
        let known = prepared.nameOnServer(of: statement)
        let name = known ?? prepared.newName(for: statement)
        if known == nil {
            guard PQsendPrepare(pointer, name, statement.sql, 0, nil) == 1 else { throw lost() }
        }
        guard PQsendQueryPrepared(pointer, name, 0, nil, nil, nil, 0) == 1, pgwal_queue_sync(pointer) == 1 else { throw lost() }
        return known == nil ? name : nil
    }

    /// Reads up to the synchronisation point of the statement.
    private nonisolated(nonsending) func nextAnswer(
        to statement: Statement,
        preparedAs newName: String?,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Result<RowSet, PostgresError> {
        var answer: Result<RowSet, PostgresError>?
        var unpreparedName = newName
        var silences = 0
        while true {
            guard let result = try await nextResult(until: deadline) else {
                // The end of one command's results. libpq says the same, again and again, when nothing more will come.
                if isBroken { throw lost(after: answer) }
                silences += 1
                guard silences < 3 else { throw PostgresError(.protocolViolation, "a query was not answered") }
                continue
            }
            silences = 0
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                guard let answer else { throw PostgresError(.protocolViolation, "a query was not answered") }
                if case .failure(let error) = answer {
                    prepared.forget(statement, after: error)
                }
                return answer
            case PGRES_PIPELINE_ABORTED:
                // What follows a failure up to the synchronisation point: the execution after a preparation that failed.
                PQclear(result)
            case PGRES_COMMAND_OK where unpreparedName != nil:
                PQclear(result)
                unpreparedName.take().map { prepared.remember(statement, as: $0) }
            default:
                unpreparedName = nil
                let latest = Self.answer(owning: result)
                answer = answer ?? latest
            }
        }
    }
}
