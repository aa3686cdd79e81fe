import PostgresTestSupport
import Testing

@testable import Postgres

/// The tests that need a real server, one after the other: they count the connections and threads that they leave behind.
@Suite("On a real server", .serialized)
enum ServerTests {}

/// The server of the tests that leave theirs as it was. It ends with the process.
enum SharedServer {
    private static let starting = Task {
        let server = try await PostgresServer.primary(version: PostgresInstallation.newestOfSystem().major, name: "session")
        try await server.execute("CREATE ROLE monitor LOGIN PASSWORD 'first-secret'")
        return server
    }

    static func get() async throws -> PostgresServer {
        try await starting.value
    }
}

extension Session {
    /// Connects with a limit that only a hanging test exceeds.
    func connect() async throws(PostgresError) {
        try await connect(until: .now + .seconds(30))
    }

    /// Runs texts as statements named by themselves.
    func run(_ texts: String..., within limit: Duration = .seconds(30)) async -> [StatementOutcome] {
        await run(texts.map { Statement(name: $0, sql: $0) }, until: .now + limit)
    }

    /// The one value of a query that is called `value`.
    func value(_ sql: String) async throws -> String {
        try await run(sql)[0].value
    }
}

extension StatementOutcome {
    var error: PostgresError? {
        if case .failure(let error) = result { error } else { nil }
    }

    /// The one value of a result whose column is called `value`.
    var value: String {
        get throws {
            try result.get().single { row throws(DecodeError) in try row.text("value") }
        }
    }
}
