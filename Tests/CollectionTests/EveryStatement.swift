import Collection
import Postgres
import ReplicationModel
import Testing

/// All that the exporter ever asks a server, and what the answers mean.
struct EveryStatement {
    let server: ServerTraits

    var statements: [Statement] {
        IdentityQueries.all + [
            IdentityQueries.role, SampleQuery.statement, SegmentQuery.statement(for: server), FormerBackendQuery.statement(pid: 1),
        ]
            + collectors.compactMap { $0.statement(for: server) }
    }

    private var collectors: [any Collector.Type] { Collectors.all.filter { $0.statement(for: server) != nil } }

    /// Runs all and decodes what can be; each failure is an issue of the test.
    @discardableResult
    func run(on session: Session, _ place: String) async throws -> ServerSnapshot {
        let statements = statements
        let outcomes = await session.run(statements, until: .now + .seconds(60))
        for (statement, outcome) in zip(statements, outcomes) {
            if case .failure(let error) = outcome.result { Issue.record("\(place), \(statement.name): \(error)") }
        }
        let identities = outcomes.prefix(IdentityQueries.all.count)
        var snapshot = ServerSnapshot(identity: try IdentityQueries.identity(from: identities), role: server.role)
        for (collector, outcome) in zip(collectors, outcomes.suffix(collectors.count)) {
            guard case .success(let rows) = outcome.result else { continue }
            try collector.decode(rows, from: server, into: &snapshot)
        }
        return snapshot
    }
}
