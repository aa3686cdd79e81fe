import Collection
import Logging
import Postgres
import ReplicationModel

/// The one connection: which server is behind it, and how it is had back.
extension TargetMonitor {
    func knownServer(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> KnownServer {
        if let known, await session.isConnected { return known }
        known = nil
        try await session.connect(until: deadline)
        let outcomes = await session.run([IdentityQueries.identity, IdentityQueries.role], until: deadline)
        let identity = try IdentityQueries.decode(outcomes[0], IdentityQueries.decodeIdentity)
        let answer = try IdentityQueries.decode(outcomes[1], IdentityQueries.decodeRole)
        if latest?.identity != identity { directoriesDue = .now }
        let server = KnownServer(identity: identity, role: answer.role, configurationLoaded: nil)
        known = server
        return server
    }

    func isDown(_ error: PostgresError) {
        // What is under way at the end fails, and that is no reason to connect again.
        guard !isStopped else { return }
        transitions.isDown(error.description)
        downReason = error.description
        known = nil
        guard reconnecting == nil else { return }
        reconnecting = Task(executorPreference: executor) { await self.reconnect() }
    }

    /// Tries until there is a connection; the scrapes meanwhile are answered at once.
    func reconnect() async {
        defer { reconnecting = nil }
        var backoff = Backoff()
        while !Task.isCancelled {
            let delay = backoff.failed(at: .now, jitter: Double.random(in: 0...1))
            // A sleep throws only when it is cancelled: the monitor stops.
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            do throws(PostgresError) {
                _ = try await knownServer(until: .now + timeout)
                return
            } catch {
                transitions.isDown(error.description)
                downReason = error.description
            }
        }
    }
}

extension IdentityQueries {
    /// An identity or role that cannot be decoded makes the server unusable, like a failed connection.
    static func decode<Value>(
        _ outcome: StatementOutcome,
        _ decode: (RowSet) throws(DecodeError) -> Value
    ) throws(PostgresError) -> Value {
        let rows = try outcome.result.get()
        do {
            return try decode(rows)
        } catch {
            throw PostgresError(.protocolViolation, error.description)
        }
    }
}
