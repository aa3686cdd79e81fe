import PostgresTestSupport

/// A row that is written on the primary ten times a second. Which of them a standby shows tells its true lag: the age of the oldest
/// row that it does not show yet, by the one clock of this machine.
struct LagHeartbeat {
    let primary: PostgresServer

    /// Creates its table, with the WAL position at which each row was written.
    static func prepare(on primary: PostgresServer) async throws {
        try await primary.execute("CREATE TABLE heartbeat (at timestamptz PRIMARY KEY, position pg_lsn NOT NULL)")
    }

    /// Starts to write; ends with `terminate`, or with this process.
    func start() async throws -> ChildProcess {
        let before = try await count()
        let script = "INSERT INTO heartbeat VALUES (clock_timestamp(), pg_current_wal_insert_lsn()) \\watch 0.1\n"
        let writer = try ChildProcess(
            primary.installation.tool("psql"),
            ["-XAtq", "-d", primary.conninfo(), "-f", try Exporter.file(script)]
        )
        try await waitUntil("the heart beats") {
            guard writer.isRunning else { throw SupportFailure(writer.output) }
            return try await count() > before + 2
        }
        return writer
    }

    /// When the oldest row was written that is newer than each of these, in seconds since 1970; nil: there is none.
    func oldest(newerThan shown: [String]) async throws -> [Double?] {
        guard !shown.isEmpty else { return [] }
        let columns = shown.map { "extract(epoch FROM (SELECT min(at) FROM heartbeat WHERE at > '\($0)'))" }
        let answer = try await primary.psql("SELECT " + columns.joined(separator: ", "))
        return answer.split(separator: "|", omittingEmptySubsequences: false).map { Double($0) }
    }

    /// When the first row was written after what a slot holds back, and after what its consumer has confirmed.
    func slot(_ name: String) async throws -> (restart: Double?, confirmed: Double?) {
        let columns = ["restart_lsn", "confirmed_flush_lsn"].map {
            "extract(epoch FROM (SELECT min(at) FROM heartbeat WHERE position >= \($0)))"
        }
        let answer = try await primary.psql(
            "SELECT \(columns.joined(separator: ", ")) FROM pg_replication_slots WHERE slot_name = '\(name)'"
        )
        let times = answer.split(separator: "|", omittingEmptySubsequences: false).map { Double($0) }
        guard times.count == 2 else { throw SupportFailure("no slot \(name)") }
        return (times[0], times[1])
    }

    private func count() async throws -> Int {
        Int(try await primary.psql("SELECT count(*) FROM heartbeat")) ?? 0
    }
}
