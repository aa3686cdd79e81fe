import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the kernel tells of descriptors: epoll or kqueue. Its cost follows what is ready, not what is watched.
///
/// A watch ends with its first event, and with the closing of its descriptor; libpq may close a socket and get the same number anew. Only
/// `wake()` may be called by several threads at a time.
final class ReadinessQueue: Sendable {
    /// Told instead of a watch's token after ``wake()``.
    static let wakeToken = UInt64(PGWAL_WAKE_TOKEN)

    /// Why a descriptor is not watched.
    enum Refusal: Equatable {
        /// It is closed, or of a kind that is always ready, such as a file: an operation on it will tell.
        case notWatchable
        /// The kernel has no room for another watch.
        case noRoom
    }

    private let queue: Int32
    private let waker: Int32

    /// Nil with `errno` when the system refuses the two descriptors that it takes.
    init?() {
        var waker: Int32 = -1
        let queue = pgwal_readiness_open(&waker)
        guard queue >= 0 else { return nil }
        self.queue = queue
        self.waker = waker
    }

    deinit {
        close(queue)
        if waker != queue {
            close(waker)
        }
    }

    /// Makes ``wait(milliseconds:_:)`` return.
    func wake() {
        pgwal_readiness_wake(waker)
    }

    /// Has `token` told once, when the descriptor is ready. Nil when it is watched.
    func watch(_ descriptor: Int32, for interest: Interest, token: UInt64) -> Refusal? {
        let isReadable: Int32 = interest.contains(.readable) ? 1 : 0
        let isWritable: Int32 = interest.contains(.writable) ? 1 : 0
        guard pgwal_readiness_watch(queue, descriptor, isReadable, isWritable, token) != 0 else { return nil }
        return errno == ENOMEM || errno == ENOSPC ? .noRoom : .notWatchable
    }

    /// Ends a watch before its event. The descriptor must not have been closed since.
    func forget(_ descriptor: Int32) {
        pgwal_readiness_forget(queue, descriptor)
    }

    /// Waits for events and hands over the token of each; -1 waits without end.
    /// - Returns: whether that was all, or there may be more at once; nil when the system refuses to wait.
    func wait(milliseconds: Int32, _ handle: (UInt64) -> Void) -> Bool? {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Int(PGWAL_READINESS_BATCH)) { tokens in
            let count = pgwal_readiness_wait(queue, tokens.baseAddress, milliseconds)
            guard count >= 0 else { return errno == EINTR ? true : nil }
            for token in tokens.prefix(Int(count)) {
                if token == Self.wakeToken {
                    pgwal_readiness_awake(waker)
                }
                handle(token)
            }
            return count < PGWAL_READINESS_BATCH
        }
    }
}
