import CLibPQ

/// Statements of a flight up to one synchronisation point.
private struct Segment {
    /// Of the flight's statements, in the order of their sending.
    let indices: [Int]
    /// The name under which the only statement is being prepared; nil when all are prepared already.
    var newName: String?
    /// Whether the server sends each answer as soon as it is there.
    let isFlushed: Bool

    var isTogether: Bool { indices.count > 1 }
}

extension Connection {
    /// Sends all statements of the flight and reads their answers.
    ///
    /// Those that are prepared fly together, behind one synchronisation point: they leave in one packet, and are one transaction on the server.
    /// When one fails, the server skips those behind it, which are sent again at once, each with a point of its own; so are statements that are
    /// new or have failed lately, after the others.
    /// - Throws: when the connection is of no further use; the flight has the answers received until then.
    nonisolated(nonsending) func runPipelined(_ flight: inout Flight, until deadline: ContinuousClock.Instant) async throws(PostgresError) {
        intake.begin()
        let isKnown = flight.statements.map { prepared.nameOnServer(of: $0) != nil && !troubled.contains($0) }
        let together = isKnown.indices.filter { isKnown[$0] }
        let apart = isKnown.indices.filter { !isKnown[$0] }
        var segments: [Segment] = []
        if !together.isEmpty {
            segments.append(try send(together, of: &flight))
        }
        for index in apart {
            segments.append(try send([index], of: &flight))
        }
        var next = 0
        while next < segments.count {
            let start = ContinuousClock.now
            let skipped = try await readAnswers(to: segments[next], of: &flight, until: deadline)
            if segments[next].isTogether {
                wasSlow = .now - start > Self.slowness
            }
            next += 1
            roundTripsMore += skipped.isEmpty ? 0 : 1
            for index in skipped {
                segments.append(try send([index], of: &flight))
            }
        }
    }

    /// Statements together that took longer are watched one by one the next time, so that it shows which is slow.
    private static let slowness = Duration.milliseconds(5)

    /// Queues statements up to a synchronisation point; a single one is preceded by its preparation if this connection does not know it.
    private func send(_ indices: [Int], of flight: inout Flight) throws(PostgresError) -> Segment {
        var segment = Segment(indices: indices, isFlushed: indices.count == 1 || wasSlow)
        for index in indices {
            let statement = flight.statements[index]
            let known = prepared.nameOnServer(of: statement)
            let name = known ?? prepared.newName(for: statement)
            if known == nil {
                guard PQsendPrepare(pointer, name, statement.sql, 0, nil) == 1 else { throw lost() }
                segment.newName = name
            }
            guard PQsendQueryPrepared(pointer, name, 0, nil, nil, nil, 0) == 1 else { throw lost() }
            if segment.isTogether, segment.isFlushed {
                guard PQsendFlushRequest(pointer) == 1 else { throw lost() }
            }
            flight.send(index)
        }
        guard pgwal_queue_sync(pointer) == 1 else { throw lost() }
        return segment
    }

    /// Reads up to the synchronisation point of the segment.
    /// - Returns: the statements that the server has skipped because one before them failed.
    private nonisolated(nonsending) func readAnswers(
        to segment: Segment,
        of flight: inout Flight,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> [Int] {
        var reading = SegmentReading(isPreparing: segment.newName != nil, statements: segment.indices.count)
        var skipped: [Int] = []
        var failure: (index: Int, error: PostgresError)?
        do throws(PostgresError) {
            while true {
                guard let result = try await nextResult(until: deadline) else {
                    // The end of one command's results. libpq says the same, again and again, when nothing more will come.
                    if isBroken { throw lost() }
                    try reading.endOfCommand()
                    continue
                }
                switch try event(for: result, in: &reading) {
                case .prepared:
                    PQclear(result)
                    segment.newName.map { prepared.remember(flight.statements[segment.indices[0]], as: $0) }
                case .answer(let position):
                    let index = segment.indices[position]
                    let answer = try answer(owning: result)
                    if case .failure(let error) = answer, error.code == .server {
                        failure = (index, error)
                        continue
                    }
                    record(answer, for: index, of: &flight, inBurst: segment.isFlushed ? nil : intake.arrivals)
                case .furtherError:
                    _ = try answer(owning: result)
                case .skipped(let position):
                    PQclear(result)
                    skipped.append(segment.indices[position])
                case .nothing:
                    PQclear(result)
                case .end:
                    PQclear(result)
                    // Only now it is sure that the failure was not the server's farewell.
                    if let failure {
                        prepared.forget(flight.statements[failure.index], after: failure.error)
                        record(.failure(failure.error), for: failure.index, of: &flight, inBurst: nil)
                    }
                    return skipped
                }
            }
        } catch {
            guard let failure, isBroken else { throw error }
            throw lost(after: .failure(failure.error))
        }
    }

    private func event(for result: OpaquePointer, in reading: inout SegmentReading) throws(PostgresError) -> SegmentReading.Event {
        do throws(PostgresError) {
            return try reading.take(PQresultStatus(result))
        } catch {
            PQclear(result)
            throw error
        }
    }

    private func record(_ answer: Result<RowSet, PostgresError>, for index: Int, of flight: inout Flight, inBurst burst: Int?) {
        hasAnsweredPipeline = true
        troubled.note(flight.statements[index], hasFailed: answer.isFailure, at: .now)
        flight.record(answer, for: index, inBurst: burst)
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
