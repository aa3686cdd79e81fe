/// What a server may send at most. An honest one stays far below; one that goes beyond is broken or hostile, and must not cost this process its
/// memory, nor other sessions their turn.
enum AnswerLimits {
    /// Rows of one statement.
    static let rows = 100_000
    /// Bytes of one run: what libpq holds until the answer is complete. Rows of NULLs take four times as much memory.
    static let bytes = 32 * 1024 * 1024
    /// Bytes of one run from which on the peer is slowed down, so that libpq, which reads as long as there is something, stops in between.
    static let unhurriedBytes = 1024 * 1024
    /// Notices and warnings during one run: a role's client_min_messages may be debug.
    static let notices = 10_000
    /// Notifications during one run, where none was asked for.
    static let notifications = 1_000
    /// What libpq may compute on the answers of one run: a tenth of a second is much for an honest one.
    static let parsing = Duration.seconds(1)
    /// Bytes until a connection is ready for its first statement.
    static let bytesOfConnecting = 1024 * 1024
    /// Bytes that no answer accounts for, since the connection was opened: libpq keeps each parameter that it is told of.
    static let unaskedBytes = 4 * 1024 * 1024
    /// What is read of an error text, in bytes.
    static let errorText = 2_048
    /// Iterations of SCRAM: PostgreSQL's default is 4,096, the highest advice 600,000. A million takes about a second.
    static let scramIterations = 1_000_000
}
