import Foundation

/// A pgbouncer with one connection to a server, which it keeps before it: two in session pooling.
package final class PgBouncer: Sendable {
    private static let program = "/usr/sbin/pgbouncer"
    /// Whether there is one on this machine.
    package static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Leads through it.
    package let conninfo: String
    private let reservation: PortReservation
    private let process: ChildProcess
    private let psql: String

    /// Starts it and waits until it answers.
    /// - Parameters:
    ///   - user: who connects, to pgbouncer and to the server.
    ///   - poolMode: session, transaction or statement.
    ///   - ignoring: the start-up parameters that it drops instead of refusing the connection.
    package init(
        to server: PostgresServer,
        user: String = "monitor",
        database: String = "postgres",
        poolMode: String = "transaction",
        ignoring: [String] = []
    ) async throws {
        reservation = try PortReservation()
        psql = server.installation.tool("psql")
        let directory = try TemporaryRoot.makeDirectory("pgbouncer")
        let configuration = """
            [databases]
            \(database) = host=\(server.socketDirectory) port=\(server.port) user=\(user)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(reservation.port)
            unix_socket_dir =
            auth_type = any
            pool_mode = \(poolMode)
            default_pool_size = \(poolMode == "session" ? 2 : 1)
            \(ignoring.isEmpty ? "" : "ignore_startup_parameters = \(ignoring.joined(separator: ", "))")
            """
        try configuration.write(toFile: "\(directory)/pgbouncer.ini", atomically: false, encoding: .utf8)
        conninfo = "host=127.0.0.1 port=\(reservation.port) user=\(user) dbname=\(database)"
        process = try ChildProcess(Self.program, ["\(directory)/pgbouncer.ini"], user: .unprivileged)
        let conninfo = conninfo, process = process, psql = psql
        try await waitUntil("pgbouncer answers") {
            guard process.isRunning else { throw SupportFailure(process.output) }
            // What also a hot standby answers to one who wants serializable transactions.
            return try await ChildProcess.run(psql, ["-XAtqc", "SHOW server_version", conninfo]).status == .code(0)
        }
    }

    /// Runs SQL through it and returns what psql prints.
    package func psql(_ sql: String) async throws -> String {
        let outcome = try await ChildProcess.run(psql, ["-XAtqc", sql, conninfo])
        guard outcome.status == .code(0) else { throw SupportFailure(outcome.errors) }
        return outcome.output.hasSuffix("\n") ? String(outcome.output.dropLast()) : outcome.output
    }

    /// Ends it.
    package func stop() async {
        await process.terminate()
    }
}
