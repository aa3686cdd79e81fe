import CLibPQ
import Synchronization

/// One attempt to connect, on a thread of its own, whose outcome somebody waits for, until he gives up.
final class ConnectionAttempt: Sendable {
    /// What the thread does; ``ConnectionOpening`` but for tests.
    typealias Open = @Sendable (ConnectionParameters, ContinuousClock.Instant, _ isAbandoned: () -> Bool) -> Result<OpenedConnection, PostgresError>

    private enum State {
        /// The thread, once it runs.
        case running(pgwal_thread?)
        case abandoned
        case ended(Result<OpenedConnection, PostgresError>)
        case taken
    }

    /// Fired when the outcome is there, or when the attempt is given up.
    let settled: OneShot
    /// Fired when the thread is about to end: no name lookup of this attempt goes on after it.
    let ended: OneShot
    private let state = Mutex(State.running(nil))
    private let place: ConnectPlace

    private init(at place: ConnectPlace, on loop: EventLoop) {
        self.place = place
        settled = OneShot(on: loop)
        ended = OneShot(on: loop)
    }

    /// Starts the thread. The place is given back when it ends.
    /// - Throws: `outOfResources` when the system refuses a thread; later it may grant one.
    static func start(
        _ parameters: ConnectionParameters,
        at place: ConnectPlace,
        until deadline: ContinuousClock.Instant,
        on loop: EventLoop,
        open: @escaping Open
    ) throws(PostgresError) -> ConnectionAttempt {
        let attempt = ConnectionAttempt(at: place, on: loop)
        let refusal = BackgroundThread.refusal(toStart: "pgwal-connect") {
            attempt.begin()
            attempt.end(open(parameters, deadline) { attempt.isAbandoned })
        }
        if let refusal {
            place.leave()
            throw refusal
        }
        return attempt
    }

    /// The outcome, once the attempt has ended. It can be taken once.
    func takeOutcome() -> Result<OpenedConnection, PostgresError>? {
        state.withLock { state in
            guard case .ended(let outcome) = state else { return nil }
            state = .taken
            return outcome
        }
    }

    /// Nobody wants the connection any more: it is closed when, or if, it comes about. A thread that still computes, as a server can make OpenSSL
    /// do for a quarter of an hour, does so with what processor time nobody else wants.
    func abandon() {
        let unwanted = state.withLock { state -> Result<OpenedConnection, PostgresError>? in
            defer { state = .abandoned }
            switch state {
            case .ended(let outcome):
                return outcome
            case .running(let thread):
                // It cannot end, and its number not be another's, before it has this lock.
                thread.map { pgwal_make_idle($0) }
                place.linger()
                return nil
            case .abandoned, .taken:
                return nil
            }
        }
        discard(unwanted)
        settled.fire()
    }

    private var isAbandoned: Bool {
        state.withLock { state in
            if case .abandoned = state { true } else { false }
        }
    }

    private func begin() {
        state.withLock { state in
            if case .running = state { state = .running(pgwal_this_thread()) }
        }
    }

    private func end(_ outcome: Result<OpenedConnection, PostgresError>) {
        let unwanted = state.withLock { state -> Result<OpenedConnection, PostgresError>? in
            if case .abandoned = state { return outcome }
            state = .ended(outcome)
            return nil
        }
        discard(unwanted)
        place.leave()
        settled.fire()
        ended.fire()
    }

    private func discard(_ outcome: Result<OpenedConnection, PostgresError>?) {
        if case .success(let opened) = outcome {
            PQfinish(opened.pointer)
        }
    }
}
