import Synchronization

extension PostgresServer {
    /// Brings a server up and hands it to the enclosing `withServers`; what fails leaves nothing behind.
    func brought(isNew: Bool = true, _ steps: () async throws -> Void) async throws -> PostgresServer {
        do {
            try await steps()
        } catch {
            await remove()
            throw error
        }
        if isNew { ServerScope.current?.add(self) }
        return self
    }

    func configureBeforeStart(_ settings: [String: String]) throws {
        state.withLock { $0.settings.chosen.merge(settings) { chosen, _ in chosen } }
    }

    /// Makes an empty data directory. Not a copy of a template: copies would share their system identifier, and an
    /// initdb without fsync takes but half a second.
    func initialise(encoding: String) async throws {
        try await ChildProcess.check(
            installation.tool("initdb"),
            ["-D", dataDirectory, "-U", "postgres", "-A", "trust", "-E", encoding, "--locale=C", "--no-sync"],
            user: .unprivileged
        )
    }

    /// Makes the data directory by a base backup: that of a standby, or of a primary with a life of its own.
    func copy(_ upstream: PostgresServer, asStandby: Bool = true) async throws {
        try await ChildProcess.check(
            installation.tool("pg_basebackup"),
            ["-d", upstream.conninfo(), "-D", dataDirectory, "-X", "stream", "-c", "fast", "--no-sync"],
            user: .unprivileged
        )
        if asStandby { try write("", to: "standby.signal") }
    }
}
