import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Watches the bytes of a connection procedure on their way into libpq: not too many, and none that make it compute without end.
struct AuthenticationWatch {
    /// Enough for all that a server may send before it waits for our answer.
    private static let window = 16 * 1024

    private static let peeking = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)

    private let connection: OpaquePointer
    private var scram = ScramGuard()
    private var meter = ByteMeter()
    /// How many bytes libpq would have read if it reads what has been looked at; nil where the kernel does not count.
    private var expected: Int?

    init(of connection: OpaquePointer) {
        self.connection = connection
    }

    /// Whether libpq may read what waits at its socket. False when more must arrive first.
    /// - Throws: when it must not.
    mutating func mayRead() throws(PostgresError) -> Bool {
        let socket = PQsocket(connection)
        guard meter.total(of: socket) <= AnswerLimits.bytesOfConnecting else {
            throw PostgresError(.connectionFailed, "the server has sent more than \(AnswerLimits.bytesOfConnecting / 1024) kB while we connected")
        }
        expected = nil
        guard PQsslInUse(connection) == 0, PQgssEncInUse(connection) == 0 else { return true }
        switch PQstatus(connection) {
        case CONNECTION_AWAITING_RESPONSE:
            guard !scram.isOver else { return true }
            return try look(at: socket)
        case CONNECTION_STARTED, CONNECTION_MADE:
            scram = ScramGuard()
            return true
        case CONNECTION_SSL_STARTUP:
            // The one byte that says whether the server encrypts. What came along with a no would be read before it can be looked at.
            var byte: UInt8 = 0
            if recv(socket, &byte, 1, Self.peeking) == 1, byte == UInt8(ascii: "N") {
                expected = Self.read(from: socket).map { $0 + 1 }
            }
            return true
        default:
            return true
        }
    }

    /// Checks, after libpq has read, that it was not handed more than had been looked at.
    func check() throws(PostgresError) {
        guard let expected, !scram.isOver, let read = Self.read(from: PQsocket(connection)), read > expected else { return }
        throw PostgresError(.connectionFailed, "the server speaks out of turn during authentication")
    }

    private mutating func look(at socket: Int32) throws(PostgresError) -> Bool {
        let before = Self.read(from: socket)
        var verdict = ScramGuard.Verdict.harmless
        var length = 0
        withUnsafeTemporaryAllocation(byteCount: Self.window, alignment: 1) { buffer in
            length = max(0, recv(socket, buffer.baseAddress, buffer.count, Self.peeking))
            verdict = scram.judge(UnsafeRawBufferPointer(rebasing: buffer.prefix(length)))
        }
        expected = before.map { $0 + length }
        switch verdict {
        case .harmless: return true
        case .incomplete: return length == Self.window
        case .refused(let iterations):
            let count = iterations.map(String.init) ?? "an absurd number of"
            throw PostgresError(
                .connectionFailed,
                "the server asks for \(count) SCRAM iterations, more than the \(AnswerLimits.scramIterations) that are reasonable"
            )
        }
    }

    /// How many bytes libpq has read so far; nil where that cannot be told.
    private static func read(from socket: Int32) -> Int? {
        // Both numbers have to be of one moment, and more may arrive between them.
        for _ in 0..<10 {
            let arrived = pgwal_bytes_arrived(socket)
            let waiting = pgwal_bytes_waiting(socket)
            guard arrived >= 0 else { return nil }
            if pgwal_bytes_arrived(socket) == arrived { return Int(clamping: arrived) - Int(waiting) }
        }
        return nil
    }
}
