import CLibPQ
import Synchronization

/// One attempt to connect, on a thread of its own, whose outcome somebody waits for, until he gives up.
final class ConnectionAttempt: Sendable {
    /// What the thread does; ``ConnectionOpening`` but for tests.
    typealias Open = @Sendable (ConnectionParameters, ContinuousClock.Instant, _ isAbandoned: () -> Bool) -> Result<OpenedConnection, PostgresError>

    private enum State {
        case running
        case abandoned
        case ended(Result<OpenedConnection, PostgresError>)
        case taken
    }

    /// Fired when the outcome is there, or when the attempt is given up.
    let settled: OneShot
    /// Fired when the thread is about to end: no name lookup of this attempt goes on after it.
    let ended: OneShot
    private let state = Mutex(State.running)

    private init(on loop: EventLoop) {
        settled = OneShot(on: loop)
        ended = OneShot(on: loop)
    }

    /// Starts the thread. Nil when the system refuses one.
    static func start(
        _ parameters: ConnectionParameters,
        until deadline: ContinuousClock.Instant,
        on loop: EventLoop,
        open: @escaping Open
    ) -> ConnectionAttempt? {
        let attempt = ConnectionAttempt(on: loop)
        let isStarted = BackgroundThread.start(name: "pgwal-connect") {
            attempt.end(open(parameters, deadline) { attempt.isAbandoned })
        }
        return isStarted ? attempt : nil
    }

    /// The outcome, once the attempt has ended. It can be taken once.
    func takeOutcome() -> Result<OpenedConnection, PostgresError>? {
        state.withLock { state in
            guard case .ended(let outcome) = state else { return nil }
            state = .taken
            return outcome
        }
    }

    /// Nobody wants the connection any more: it is closed when, or if, it comes about.
    func abandon() {
        let unwanted = state.withLock { state -> Result<OpenedConnection, PostgresError>? in
            defer { state = .abandoned }
            guard case .ended(let outcome) = state else { return nil }
            return outcome
        }
        discard(unwanted)
        settled.fire()
    }

    private var isAbandoned: Bool {
        state.withLock { state in
            if case .abandoned = state { true } else { false }
        }
    }

    private func end(_ outcome: Result<OpenedConnection, PostgresError>) {
        let unwanted = state.withLock { state -> Result<OpenedConnection, PostgresError>? in
            if case .abandoned = state { return outcome }
            state = .ended(outcome)
            return nil
        }
        discard(unwanted)
        settled.fire()
        ended.fire()
    }

    private func discard(_ outcome: Result<OpenedConnection, PostgresError>?) {
        if case .success(let opened) = outcome {
            PQfinish(opened.pointer)
        }
    }
}
