import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a server sends on one connection, and whether that is still reasonable. Not Sendable: it belongs to its connection.
final class Intake {
    /// Counted by libpq's callback, in memory that stays where it is.
    private struct Notices {
        var count = 0
        var bytes = 0
    }

    /// How many times something has been read: what was read at once arrived together.
    private(set) var arrivals = 0
    private let connection: OpaquePointer
    private let notices = UnsafeMutablePointer<Notices>.allocate(capacity: 1)
    private var meter = ByteMeter()
    private var arrived = 0
    private var arrivedBefore = 0
    /// Bytes that results, notices and notifications account for.
    private var accounted = 0
    /// Bytes of earlier runs that nothing accounts for.
    private var unasked = 0
    private var notifications = 0
    private var parsing = Duration.zero
    private var isSlowed = false

    init(of connection: OpaquePointer) {
        self.connection = connection
        notices.initialize(to: Notices())
        arrived = meter.total(of: PQsocket(connection))
        arrivedBefore = arrived
        // libpq's own receiver writes to standard error.
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let notices = context?.assumingMemoryBound(to: Notices.self) else { return }
                notices.pointee.count += 1
                notices.pointee.bytes += PQresultMemorySize(result)
            },
            notices
        )
    }

    deinit {
        notices.deallocate()
    }

    /// Whether the connection has cost more memory than its answers are worth.
    var isOverfull: Bool { unasked > AnswerLimits.unaskedBytes }

    /// Begins a run. What has arrived since the last one counts, too.
    func begin() {
        // A result takes more memory than its message had bytes, so that an honest server has nothing left over.
        unasked += max(0, arrived - arrivedBefore - accounted - notices.pointee.bytes)
        arrivedBefore = arrived
        accounted = 0
        notices.pointee = Notices()
        notifications = 0
        parsing = .zero
    }

    /// Reads what is there.
    /// - Throws: when that is more than is reasonable, without reading it.
    /// - Returns: false when the connection is at its end.
    func read() throws(PostgresError) -> Bool {
        arrivals += 1
        arrived = meter.total(of: PQsocket(connection))
        guard arrived - arrivedBefore <= AnswerLimits.bytes else {
            throw PostgresError(.answerTooLarge, "the server has sent more than \(AnswerLimits.bytes / 1024 / 1024) MB")
        }
        if arrived - arrivedBefore > AnswerLimits.unhurriedBytes, !isSlowed {
            isSlowed = true
            pgwal_limit_receive_buffer(PQsocket(connection), 64 * 1024)
        }
        return PQconsumeInput(connection) == 1
    }

    /// Whether libpq needs to read more before the next result is there.
    /// - Throws: when the server has sent more of what was not asked for than is reasonable.
    func needsMore() throws(PostgresError) -> Bool {
        let before = Self.threadTime()
        let isBusy = PQisBusy(connection) == 1
        parsing += Self.threadTime() - before
        while let notification = PQnotifies(connection) {
            notifications += 1
            accounted += strlen(notification.pointee.relname) + strlen(notification.pointee.extra) + 16
            PQfreemem(notification)
        }
        guard notices.pointee.count <= AnswerLimits.notices else { throw PostgresError(.protocolViolation, "the server floods us with notices") }
        guard notifications <= AnswerLimits.notifications else {
            throw PostgresError(.protocolViolation, "the server floods us with notifications")
        }
        guard parsing <= AnswerLimits.parsing else { throw PostgresError(.protocolViolation, "the server's answer takes too long to read") }
        return isBusy
    }

    func account(for result: OpaquePointer) {
        accounted += PQresultMemorySize(result) + 512
    }

    /// What this thread has computed: not what it waited for a processor.
    private static func threadTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
