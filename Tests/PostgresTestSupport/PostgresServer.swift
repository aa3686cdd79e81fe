import Foundation
import Synchronization

/// A PostgreSQL server of this test process, in a directory of its own.
///
/// Made by `primary`, `standby`, `archiveStandby` or `subscriber`. It lives until `remove()`, the end of the enclosing
/// `withServers`, or the end of the process, whichever comes first.
package final class PostgresServer: Sendable {
    /// Its `cluster_name`, which is also the application name of a standby.
    package let name: String
    /// The programs it runs from.
    package let installation: PostgresInstallation
    /// Its directory: socket, log and archive, with the data directory in it.
    package let directory: String

    let environment: [String: String]
    let state: Mutex<State>

    struct State {
        var reservation: PortReservation
        var settings: ServerSettings
        var process: ChildProcess?
        var helpers: [ChildProcess] = []
    }

    init(_ installation: PostgresInstallation, name: String, settings: [String: String], environment: [String: String]) throws {
        self.name = name
        self.installation = installation
        self.environment = environment
        directory = try TemporaryRoot.makeDirectory(name)
        state = Mutex(State(reservation: try PortReservation(), settings: ServerSettings(chosen: settings)))
    }

    /// The role that standbys, receivers and subscriptions connect as.
    package static let replicationUser = "replicator"
    /// Its password.
    package static let replicationPassword = "replication-secret"

    /// The major version.
    package var version: Int { installation.major }
    /// The TCP port on 127.0.0.1.
    package var port: Int { state.withLock(\.reservation.port) }
    /// The directory of the Unix socket: what to give as `host`.
    package var socketDirectory: String { directory }
    /// The data directory.
    package var dataDirectory: String { "\(directory)/data" }
    /// Where `archive_command` puts segments, when the server was made with an archive.
    package var archiveDirectory: String { "\(directory)/archive" }
    /// The log file.
    package var logPath: String { "\(directory)/log" }
    /// The postmaster's process id, or nil while the server is down.
    package var pid: Int32? { state.withLock(\.process).flatMap { $0.isRunning ? $0.pid : nil } }
    /// Whether the postmaster runs.
    package var isRunning: Bool { pid != nil }

    /// The whole log.
    package var log: String {
        (try? String(decoding: Data(contentsOf: URL(fileURLWithPath: logPath)), as: UTF8.self)) ?? ""
    }

    /// The end of the log.
    package func logTail(lines: Int = 30) -> String {
        log.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }

    /// How a client reaches a server.
    package enum Way: Sendable {
        /// The Unix socket, where everyone is trusted.
        case socket
        /// 127.0.0.1, where a password is asked for.
        case tcp
    }

    /// A connection string. The password is needed over TCP.
    package func conninfo(user: String = "postgres", password: String? = nil, database: String = "postgres", over way: Way = .socket) -> String {
        let host = way == .socket ? socketDirectory : "127.0.0.1"
        return "host=\(host) port=\(port) user=\(user) dbname=\(database)" + (password.map { " password=\($0)" } ?? "")
    }
}
