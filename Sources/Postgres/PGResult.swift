import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reading errors out of libpq's structures.
enum PGResult {
    /// The error that a failed `PGresult` carries.
    static func error(in result: OpaquePointer) -> PostgresError {
        let state = pgwal_sqlstate(result).flatMap { SQLState(String(cString: $0)) }
        let message = text(pgwal_primary_message(result) ?? UnsafePointer(PQresultErrorMessage(result)))
        // Without an SQLSTATE the server has said nothing: the text is libpq's own.
        return PostgresError(state == nil ? .connectionLost : .server, sqlState: state, message)
    }

    /// The beginning of a text of libpq's, cut between two characters. Bytes that are not UTF-8 become `\xNN`.
    static func text(_ pointer: UnsafePointer<CChar>) -> String {
        var length = strnlen(pointer, AnswerLimits.errorText)
        let bytes = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
        // At a cut inside a character its later bytes follow; the zero byte at the end of a text is none.
        for _ in 0..<3 where length > 0 && bytes[length] & 0xC0 == 0x80 {
            length -= 1
        }
        return Row.text(UnsafeBufferPointer(start: bytes, count: length))
    }
}
