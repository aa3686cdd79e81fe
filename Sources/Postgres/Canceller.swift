import CLibPQ
import Synchronization

/// Sends cancel requests, on a thread of its own: `PQcancel` blocks, has no time limit and may hang for minutes on a frozen peer.
///
/// One thread at a time: while one hangs, the server is left to its statement_timeout and to noticing that the client is gone.
final class Canceller: Sendable {
    /// `@unchecked Sendable`: a `PGcancel` is immutable, and documented to be usable from any thread; the connection, which its session has
    /// given up, is only kept from being closed.
    private struct Request: @unchecked Sendable {
        let pointer: OpaquePointer
        let connection: Connection?
    }

    private let isBusy = Atomic(false)

    /// Asks the server to cancel what this connection runs; returns at once. The connection must not be used any more.
    ///
    /// A pooler finds the query by its client, so a serial connection stays open until the request has been answered. A server needs no
    /// such help, and the connection is closed as soon as the caller lets go of it.
    func cancel(_ connection: Connection) {
        guard !connection.isBroken, !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return }
        guard let pointer = PQgetCancel(connection.pointer) else {
            isBusy.store(false, ordering: .releasing)
            return
        }
        let request = Request(pointer: pointer, connection: connection.mode == .serial ? connection : nil)
        let isStarted = BackgroundThread.start(name: "pgwal-cancel") { [self] in
            var complaint = [CChar](repeating: 0, count: 256)
            _ = PQcancel(request.pointer, &complaint, Int32(complaint.count))
            PQfreeCancel(request.pointer)
            withExtendedLifetime(request.connection) {}
            isBusy.store(false, ordering: .releasing)
        }
        if !isStarted {
            PQfreeCancel(pointer)
            isBusy.store(false, ordering: .releasing)
        }
    }
}
