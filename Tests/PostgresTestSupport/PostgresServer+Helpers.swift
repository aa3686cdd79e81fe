import Synchronization

extension PostgresServer {
    /// Creates pgbench's tables in a database.
    package func preparePgbench(scale: Int = 1, database: String = "postgres") async throws {
        let options = ["-i", "-q", "-s", "\(scale)", "--no-vacuum"]
        try await ChildProcess.check(installation.tool("pgbench"), options + client(database))
    }

    /// Starts pgbench's load on the tables of `preparePgbench`: so many transactions a second, or all it can.
    package func startPgbench(rate: Double? = nil, clients: Int = 1, database: String = "postgres") throws -> ChildProcess {
        let limit = rate.map { ["-R", "\($0)"] } ?? []
        // There is no "for ever", but ten days will do.
        return try helper("pgbench", ["-n", "-c", "\(clients)", "-T", "864000"] + limit + client(database))
    }

    /// Starts pg_receivewal, into a directory of its own, through a physical slot that is created when it is absent.
    package func startReceiveWAL(slot: String) async throws -> ChildProcess {
        if try await psql("SELECT 1 FROM pg_replication_slots WHERE slot_name = '\(slot)'").isEmpty {
            try await createPhysicalSlot(slot)
        }
        let directory = try TemporaryRoot.makeDirectory("receivewal")
        return try helper("pg_receivewal", ["-D", directory, "-S", slot, "--no-sync", "-d", conninfo()])
    }

    /// Starts pg_recvlogical as the consumer of a logical slot, which is created when it is absent. What it decodes is
    /// thrown away.
    package func startReceiveLogical(slot: String, plugin: String = "test_decoding", database: String = "postgres") async throws -> ChildProcess {
        if try await psql("SELECT 1 FROM pg_replication_slots WHERE slot_name = '\(slot)'").isEmpty {
            try await createLogicalSlot(slot, plugin: plugin, database: database)
        }
        let options = ["-d", conninfo(database: database), "-S", slot, "--start", "-f", "/dev/null", "--fsync-interval=0", "--status-interval=1"]
        return try helper("pg_recvlogical", options)
    }

    func stopHelpers() async {
        let helpers = state.withLock { state in
            defer { state.helpers = [] }
            return state.helpers
        }
        for helper in helpers { await helper.terminate() }
    }

    private func client(_ database: String) -> [String] {
        ["-h", socketDirectory, "-p", "\(port)", "-U", "postgres", database]
    }

    /// Helpers run as the servers' user, and end with the server.
    private func helper(_ tool: String, _ arguments: [String]) throws -> ChildProcess {
        let process = try ChildProcess(installation.tool(tool), arguments, user: .unprivileged)
        state.withLock { $0.helpers.append(process) }
        return process
    }
}
