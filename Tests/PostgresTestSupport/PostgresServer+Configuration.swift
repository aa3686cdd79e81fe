import Foundation
import Synchronization

extension PostgresServer {
    /// Changes settings in the configuration file, nil meaning back to the default of the harness. They take effect with
    /// `reload()` or `restart()`.
    package func configure(_ changes: [String: String?]) throws {
        state.withLock { state in
            for (key, value) in changes { state.settings.chosen[key] = value }
        }
        try writeConfiguration()
    }

    /// Puts lines before those of pg_hba.conf, until `configure` is called. They take effect with `reload()`.
    package func prependAccess(_ lines: String) throws {
        try write(lines + "\n" + ServerSettings.access, to: "pg_hba.conf")
    }

    /// Has the server read its configuration again.
    package func reload() {
        state.withLock(\.process)?.send(signal: SIGHUP)
    }

    func writeConfiguration() throws {
        let text = state.withLock { state in
            state.settings.text(name: name, port: state.reservation.port, socketDirectory: socketDirectory)
        }
        try write(text, to: "postgresql.conf")
        try write(ServerSettings.access, to: "pg_hba.conf")
    }

    /// Writes a file in the data directory, with the owner that PostgreSQL's own tools expect.
    func write(_ text: String, to file: String) throws {
        let path = "\(dataDirectory)/\(file)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try ServerUser.unprivileged?.own(path)
    }
}
