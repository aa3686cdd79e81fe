/// What went wrong between us and a server. Its texts are safe to log: they contain no password.
package struct PostgresError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: String, Hashable, Sendable {
        /// No connection could be made: name, network, TLS, authentication, or a server that accepts none.
        case connectionFailed
        /// The connection broke, or there is none.
        case connectionLost
        /// The caller's deadline passed.
        case timedOut
        /// The calling task was cancelled, or the session was closed.
        case cancelled
        /// The server refused the statement; `sqlState` says why. The session goes on.
        case server
        /// The server or a pooler between answered something that cannot be.
        case protocolViolation
        /// The connection string is not one that libpq accepts.
        case invalidConnectionString
        /// An answer has more rows or bytes than is reasonable.
        case answerTooLarge
        /// This process has no descriptor or thread left for it. Later there may be one.
        case outOfResources
        /// The password could not be obtained from its provider.
        case passwordUnavailable
    }

    /// The kind of failure.
    package let code: Code
    /// What the server called it, where the server said anything.
    package let sqlState: SQLState?
    /// One line, without the SQLSTATE.
    package let message: String

    /// An error with a message that is brought into one line.
    package init(_ code: Code, sqlState: SQLState? = nil, _ message: String) {
        self.code = code
        self.sqlState = sqlState
        self.message = message.asOneLine
    }

    /// The message, preceded by the SQLSTATE if there is one.
    package var description: String {
        sqlState.map { "\($0): \(message)" } ?? message
    }
}

extension PostgresError {
    init(_ failure: WaitFailure, during what: String) {
        switch failure {
        case .deadlinePassed: self.init(Code.timedOut, "\(what): no answer within the time limit")
        case .cancelled: self.init(Code.cancelled, "\(what): cancelled")
        }
    }

    /// The session's settings are somebody else's, and cannot be made ours.
    static func notOurs(because error: PostgresError? = nil) -> PostgresError {
        PostgresError(
            .connectionFailed,
            sqlState: error?.sqlState,
            "a pooler keeps our settings from the server, with SET LOCAL, too, so that no answer could be trusted: connect to the server itself"
                + (error.map { " (\($0.message))" } ?? "")
        )
    }

    static func lost(_ message: String, sqlState: SQLState? = nil) -> PostgresError {
        PostgresError(.connectionLost, sqlState: sqlState, message.isEmpty ? "the connection was lost" : message)
    }
}

extension String {
    /// Lines joined with "; ", runs of blanks and control characters as one space, at most 500 characters.
    var asOneLine: String {
        var line = ""
        for part in split(whereSeparator: \.isNewline) {
            let words = part.unicodeScalars.split { $0.value <= 0x20 || $0.value == 0x7F }
            guard !words.isEmpty else { continue }
            line += (line.isEmpty ? "" : "; ") + words.map { String($0) }.joined(separator: " ")
        }
        return line.count <= 500 ? line : line.prefix(499) + "…"
    }
}
