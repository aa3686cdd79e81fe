import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Stands between a server and libpq during the connection procedure: libpq gets what has been judged, and not a byte more.
struct AuthenticationWatch {
    /// What is looked at in one step. An honest server sends no more in one go while it authenticates us; libpq has room for it at any time.
    private static let window = 8 * 1024

    private let connection: OpaquePointer
    private let rule: AuthenticationRule?
    private var judge: AuthenticationGuard
    private var meter = ByteMeter()
    /// The socket that is watched; libpq may go on with another one after any step.
    private var socket: SocketIdentity?
    /// Whether the server has said on this socket whether it encrypts.
    private var hasAnswered = false

    /// - Parameter rule: what may be asked for; nil: what libpq answers.
    init(of connection: OpaquePointer, _ rule: AuthenticationRule?) {
        self.connection = connection
        self.rule = rule
        judge = AuthenticationGuard(rule)
    }

    /// Does the next step of libpq's, when something has come to its socket. It may be one that leaves all as it was.
    /// - Throws: when libpq must not see what has come.
    mutating func step(until deadline: ContinuousClock.Instant) throws(PostgresError) -> PostgresPollingStatusType {
        noticeSocket()
        guard meter.total(of: PQsocket(connection)) <= AnswerLimits.bytesOfConnecting else {
            throw PostgresError(.connectionFailed, "the server has sent more than \(AnswerLimits.bytesOfConnecting / 1024) kB while we connected")
        }
        switch PQstatus(connection) {
        case CONNECTION_AWAITING_RESPONSE where judge.isOver:
            return PQconnectPoll(connection)
        case CONNECTION_AWAITING_RESPONSE where PQgssEncInUse(connection) != 0:
            try mayGoOnUnseen(isGSS: true)
            return PQconnectPoll(connection)
        case CONNECTION_AWAITING_RESPONSE where PQsslInUse(connection) != 0:
            return try stepOverTLS()
        case CONNECTION_AWAITING_RESPONSE:
            return try stepInClear(atMost: Self.window, until: deadline)
        case CONNECTION_SSL_STARTUP where !hasAnswered && PQsslInUse(connection) == 0, CONNECTION_GSS_STARTUP where !hasAnswered:
            // The one byte that says whether the server encrypts. What came along with a no would be authentication, unseen.
            return try stepInClear(atMost: 1, until: deadline)
        default:
            return PQconnectPoll(connection)
        }
    }

    private mutating func noticeSocket() {
        let present = SocketIdentity(of: PQsocket(connection))
        guard present == nil || present != socket else { return }
        socket = present
        judge = AuthenticationGuard(rule)
        hasAnswered = false
    }

    private mutating func stepInClear(atMost limit: Int, until deadline: ContinuousClock.Instant) throws(PostgresError) -> PostgresPollingStatusType {
        var bytes = [UInt8](repeating: 0, count: limit)
        let length = bytes.withUnsafeMutableBytes { recv(PQsocket(connection), $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
        if length < 0, errno == EAGAIN || errno == EINTR { return PGRES_POLLING_READING }
        // An end is libpq's to tell: nothing comes after it.
        guard length > 0 else { return PQconnectPoll(connection) }
        let isAnswer = PQstatus(connection) != CONNECTION_AWAITING_RESPONSE
        if isAnswer {
            // After a no, another encryption may be asked for on this socket.
            hasAnswered = bytes[0] != UInt8(ascii: "N")
            if bytes[0] == UInt8(ascii: "E") { try pass(bytes[..<length]) }
        } else {
            try pass(bytes[..<length])
        }
        return try SocketDetour.step(of: connection, reading: bytes[..<length], until: deadline)
    }

    private mutating func stepOverTLS() throws(PostgresError) -> PostgresPollingStatusType {
        var verdict: Result<Void, PostgresError> = .success(())
        let length = withUnsafeTemporaryAllocation(byteCount: 2 * Self.window, alignment: 1) { buffer in
            let length = Int(pgwal_peek_tls(connection, buffer.baseAddress, Int32(buffer.count)))
            if length > 0 {
                verdict = Result { () throws(PostgresError) in try pass(UnsafeRawBufferPointer(rebasing: buffer[..<length])) }
            }
            return length
        }
        try verdict.get()
        switch length {
        case 0: return PGRES_POLLING_READING
        case -2: try mayGoOnUnseen(isGSS: false)
        case Self.window... where !judge.isOver:
            // libpq might read it in two parts, and only the first one as it was seen.
            throw PostgresError(.connectionFailed, AuthenticationGuard.Refusal.malformed.message(rule))
        default: break
        }
        return PQconnectPoll(connection)
    }

    private mutating func pass(_ bytes: some Sequence<UInt8>) throws(PostgresError) {
        guard case .refused(let refusal) = judge.judge(bytes) else { return }
        throw PostgresError(.connectionFailed, refusal.message(rule))
    }

    /// Where what the server says cannot be seen, libpq must know the rule itself, or have nothing that it could tell.
    private func mayGoOnUnseen(isGSS: Bool) throws(PostgresError) {
        guard let rule, !AuthenticationRule.isKnownToLibpq else { return }
        guard isGSS, rule.allowed.contains(.gss), PQpass(connection).map({ $0.pointee == 0 }) ?? true else {
            throw PostgresError(
                .connectionFailed,
                "libpq \(ClientLibrary.version) cannot hold itself to require_auth where the connection is encrypted by \(isGSS ? "GSSAPI" : "this TLS library"); "
                    + (isGSS ? "set gssencmode=disable in the connection string, or use libpq 16" : "use libpq 16")
            )
        }
    }
}
