import CLibPQ

/// Reading errors out of libpq's structures.
enum PGResult {
    /// The error that a failed `PGresult` carries.
    static func error(in result: OpaquePointer) -> PostgresError {
        let state = pgwal_sqlstate(result).flatMap { SQLState(String(cString: $0)) }
        let message = String(cString: pgwal_primary_message(result) ?? UnsafePointer(PQresultErrorMessage(result)))
        // Without an SQLSTATE the server has said nothing: the text is libpq's own.
        return PostgresError(state == nil ? .connectionLost : .server, sqlState: state, message)
    }
}
