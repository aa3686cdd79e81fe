import Collection
import ExporterConfiguration
import Synchronization

@testable import Monitoring
@testable import Postgres

/// Sessions of servers that do not exist, by the connection strings that lead to them.
final class FakeSessions: Sendable {
    private let made = Mutex<[FakeSession]>([])

    var all: [FakeSession] { made.withLock(\.self) }

    func make(_ assignment: TargetAssignment, _ loop: EventLoop) -> any TargetSession {
        let session = FakeSession(conninfo: assignment.entry.target.dsn.reveal())
        made.withLock { $0.append(session) }
        return session
    }

    /// Those that lead to where this connection string does, in the order in which they were made.
    func to(_ conninfo: String) -> [FakeSession] { all.filter { $0.conninfo == conninfo } }
}

/// A session with a primary that says who it is, and refuses all else. One to "nowhere" never comes about.
final class FakeSession: TargetSession {
    let conninfo: String
    private let state = Mutex(State())

    private struct State {
        var isConnected = false
        var connects = 0
        var closes = 0
        var asked: [String] = []
        var timeout: Duration?
    }

    init(conninfo: String) {
        self.conninfo = conninfo
    }

    var isConnected: Bool { state.withLock(\.isConnected) }
    var connectsTotal: Int { state.withLock(\.connects) }
    var backendPID: Int32? { isConnected ? 1 : nil }
    var closes: Int { state.withLock(\.closes) }
    var timeout: Duration? { state.withLock(\.timeout) }
    /// The names of all statements so far.
    var asked: [String] { state.withLock(\.asked) }

    func connect(until deadline: ContinuousClock.Instant, patience: Duration, isRetry: Bool) async throws(PostgresError) -> Duration {
        guard conninfo != "nowhere" else {
            // Cancelled when it is given up.
            try? await Task.sleep(until: deadline, clock: .continuous)
            throw PostgresError(.timedOut, "connecting: no answer within the time limit")
        }
        state.withLock { state in
            if !state.isConnected { state.connects += 1 }
            state.isConnected = true
        }
        return .zero
    }

    func run(_ statements: [Statement], until deadline: ContinuousClock.Instant) async -> [StatementOutcome] {
        state.withLock { $0.asked += statements.map(\.name) }
        return statements.map { statement in
            let answer = isConnected ? Self.answer(to: statement) : .failure(PostgresError(.connectionLost, "not connected"))
            return StatementOutcome(result: answer, duration: .zero, sentAt: .now, receivedAt: .now)
        }
    }

    func setStatementTimeout(_ timeout: Duration) async {
        state.withLock { $0.timeout = timeout }
    }

    func close() async {
        state.withLock { state in
            state.isConnected = false
            state.closes += 1
        }
    }

    private static func answer(to statement: Statement) -> Result<RowSet, PostgresError> {
        switch statement.name {
        case "identity":
            .success(
                .literal(
                    columns: ["version_number", "version", "cluster_name", "wal_segment_size"],
                    rows: [["150018", "15.18", "", "16MB"]]
                )
            )
        case "identity_system": .success(.literal(columns: ["system_identifier"], rows: [["7711414404705161623"]]))
        case "identity_address": .success(.literal(columns: ["address", "port"], rows: [["10.0.0.1", "5432"]]))
        case "identity_start": .success(.literal(columns: ["postmaster_start"], rows: [["1795453580.5"]]))
        case "role": .success(.literal(columns: ["in_recovery", "clock", "configuration_loaded"], rows: [["f", "1795453622.5", "1795453580.5"]]))
        default: .failure(PostgresError(.server, "refused"))
        }
    }
}
