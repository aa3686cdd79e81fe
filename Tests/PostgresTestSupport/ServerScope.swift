import Synchronization

/// Runs a test's work and removes the servers that it made when it is done, the youngest first.
package func withServers<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
) async throws -> Result {
    let scope = ServerScope()
    do {
        let result = try await ServerScope.$current.withValue(scope, operation: body)
        await scope.removeAll()
        return result
    } catch {
        await scope.removeAll()
        throw error
    }
}

final class ServerScope: Sendable {
    @TaskLocal static var current: ServerScope?

    private let servers = Mutex<[PostgresServer]>([])

    func add(_ server: PostgresServer) {
        servers.withLock { $0.append(server) }
    }

    func removeAll() async {
        let servers = servers.withLock { servers in
            defer { servers = [] }
            return servers
        }
        for server in servers.reversed() { await server.remove() }
    }
}
