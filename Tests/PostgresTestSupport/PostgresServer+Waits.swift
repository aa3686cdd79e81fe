extension PostgresServer {
    /// Waits until this standby receives from its upstream.
    package func waitUntilStreaming(timeout: Duration = defaultPatience) async throws {
        try await reported("streams") {
            try await poll(
                "\(name) streams",
                timeout: timeout,
                read: { try await psql("SELECT status FROM pg_stat_wal_receiver") },
                until: { $0 == "streaming" }
            )
        }
    }

    /// Waits until this standby has replayed all that the other server has now.
    package func waitUntilReplayed(_ other: PostgresServer, timeout: Duration = defaultPatience) async throws {
        let target = try await other.walEnd()
        try await reported("replays") {
            try await poll(
                "\(name) has replayed \(target) of \(other.name)",
                timeout: timeout,
                read: { try await psql("SELECT pg_last_wal_replay_lsn() >= '\(target)', pg_last_wal_replay_lsn()") },
                until: { $0.hasPrefix("t") }
            )
        }
    }

    /// Waits until the tables of all subscriptions in a database have been copied and follow.
    package func waitUntilSubscribed(database: String = "postgres", timeout: Duration = defaultPatience) async throws {
        try await reported("subscribes") {
            try await poll(
                "the subscriptions of \(name) are ready",
                timeout: timeout,
                read: { try await psql("SELECT string_agg(srsubstate::text, '') FROM pg_subscription_rel", database: database) },
                until: { !$0.isEmpty && $0.allSatisfy { $0 == "r" } }
            )
        }
    }

    private func reported(_ what: String, _ wait: () async throws -> some Any) async throws {
        do {
            _ = try await wait()
        } catch {
            throw SupportFailure("\(error)\nthe log of \(name) ends:\n\(logTail())")
        }
    }
}
