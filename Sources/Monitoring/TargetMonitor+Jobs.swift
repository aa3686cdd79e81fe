import Collection
import Logging
import Postgres
import ReplicationModel

/// What is done on the session, job by job.
extension TargetMonitor {
    /// - Parameter session: the monitor may have another one before the job has ended.
    func ending(of job: TargetState.Job, on session: any TargetSession, until limit: ContinuousClock.Instant) async -> TargetState.Ending {
        do throws(PostgresError) {
            switch job {
            case .connect: return try await connect(session, until: limit)
            case .reconnect:
                logger.debug("not the expected role, connecting again")
                await session.close()
                return try await connect(session, until: limit)
            case .collect: return try await collect(on: session, until: limit)
            case .sample:
                guard record.maySample else { return .done }
                record.sampled(try await answer(to: SampleQuery.statement, on: session, until: limit))
                return .done
            case .list(.directory(let collector)): return try await list(collector, on: session, until: limit)
            case .list(.pastOfWAL): return try await readPast(on: session, until: limit)
            case .findFormer(let pid):
                let outcome = try await answer(to: FormerBackendQuery.statement(pid: pid), on: session, until: limit)
                return .found(isThere: try FormerBackendQuery.isThere(outcome))
            }
        } catch {
            if error.code == .connectionLost { logger.debug("connection lost", metadata: ["error": "\(error)"]) }
            return .failed(reason: error.description, isLost: error.code == .connectionLost)
        }
    }

    private func connect(_ session: any TargetSession, until limit: ContinuousClock.Instant) async throws(PostgresError) -> TargetState.Ending {
        let waited = try await session.connect(until: limit, patience: TargetState.patience, isRetry: state.hasFailed)
        let limit = limit + waited
        var role = IdentityQueries.role
        var outcomes = await session.run(IdentityQueries.all + [role], until: limit)
        if case .failure(let error)? = outcomes.last?.result, Refusals.isLasting(error) {
            role = IdentityQueries.reducedRole
            outcomes[outcomes.endIndex - 1] = try await answer(to: role, on: session, until: limit)
        }
        try record.connected(outcomes, roleStatement: role)
        return .connected(pid: await session.backendPID, waited: waited)
    }

    private func collect(
        on session: any TargetSession,
        until limit: ContinuousClock.Instant
    ) async throws(PostgresError) -> TargetState.Ending {
        guard let round = record.round() else { throw PostgresError(.connectionLost, "not connected") }
        let outcomes = await session.run([record.roleStatement] + round.statements, until: limit)
        return try record.collected(outcomes, of: round)
    }

    private func list(
        _ collector: CollectorName,
        on session: any TargetSession,
        until limit: ContinuousClock.Instant
    ) async throws(PostgresError) -> TargetState.Ending {
        guard let round = record.round(of: collector) else { throw PostgresError(.connectionLost, "not connected") }
        guard let statement = round.statements.first else { return .done }
        let outcome = try await answer(to: statement, on: session, until: limit)
        guard record.isToBeRepeated(outcome, of: round), let less = record.round(of: collector), let statement = less.statements.first else {
            return record.listed(outcome, of: round) ? .done : failure(of: outcome)
        }
        // The whole was refused for good: what is left of it is asked for at once.
        let outcomeOfLess = try await answer(to: statement, on: session, until: limit)
        _ = record.isToBeRepeated(outcomeOfLess, of: less)
        return record.listed(outcomeOfLess, of: less) ? .done : failure(of: outcomeOfLess)
    }

    /// Once per server: when the segments in pg_wal were finished, so that ages reach back from the start.
    private func readPast(
        on session: any TargetSession,
        until limit: ContinuousClock.Instant
    ) async throws(PostgresError) -> TargetState.Ending {
        guard let traits = record.traits else { throw PostgresError(.connectionLost, "not connected") }
        guard record.mayReadPast else { return .done }
        let outcome = try await answer(to: SegmentQuery.statement(for: traits), on: session, until: limit)
        return record.readPast(outcome) ? .done : failure(of: outcome)
    }

    private func answer(
        to statement: Statement,
        on session: any TargetSession,
        until limit: ContinuousClock.Instant
    ) async throws(PostgresError) -> StatementOutcome {
        guard let outcome = await session.run([statement], until: limit).first else {
            throw PostgresError(.protocolViolation, "no outcome of a statement")
        }
        return outcome
    }

    private func failure(of outcome: StatementOutcome) -> TargetState.Ending {
        guard case .failure(let error) = outcome.result else { return .failed(reason: "not understood", isLost: false) }
        return .failed(reason: error.description, isLost: error.code == .connectionLost)
    }

    // MARK: - Beside the session

    func lookAtFilesystem() async {
        let place: WALFilesystemReader.Place
        let identity = record.latest?.identity
        let path: String
        if let walDirectory {
            (place, path) = (.directory(walDirectory), walDirectory)
        } else if let latest = record.latest, let settings = latest.settings, let start = latest.identity.postmasterStart {
            guard let directory = settings.dataDirectory else {
                let isHere = LocalServer.isHere(identity, at: serverAddresses)
                record.saw(nil, problem: isHere ? WALFilesystemProblem(.hidden, path: nil, isConfigured: false) : nil)
                return
            }
            (place, path) = (.dataDirectory(directory, postmasterStart: start), directory)
        } else {
            return
        }
        switch await filesystemReader.read(place, within: .seconds(1)) {
        case .filesystem(let filesystem): record.saw(filesystem, problem: nil)
        case .elsewhere: record.saw(nil, problem: nil)
        case .problem(let reason):
            // Of a server elsewhere the directory of another one may have the same path here, and be closed to us.
            let isOurs = walDirectory != nil || LocalServer.mayBeHere(identity, at: serverAddresses)
            record.saw(nil, problem: isOurs ? WALFilesystemProblem(reason, path: path, isConfigured: walDirectory != nil) : nil)
        }
    }
}
