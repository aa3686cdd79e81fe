/// The five characters by which PostgreSQL classifies an error.
package struct SQLState: Hashable, Sendable, CustomStringConvertible {
    /// The five characters, e.g. `42501`.
    package let code: String

    /// Nil unless `code` is five digits or capital letters.
    package init?(_ code: some StringProtocol) {
        guard code.utf8.count == 5, code.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else { return nil }
        self.code = String(code)
    }

    private init(known code: String) {
        self.code = code
    }

    /// The five characters.
    package var description: String { code }

    /// 0A000; also what a prepared statement answers whose result type has changed.
    package static let featureNotSupported = SQLState(known: "0A000")
    /// 26000: the prepared statement does not exist.
    package static let invalidStatementName = SQLState(known: "26000")
    /// 28000: the role may not connect, or pg_hba.conf has no entry.
    package static let invalidAuthorization = SQLState(known: "28000")
    /// 28P01: the password is wrong.
    package static let invalidPassword = SQLState(known: "28P01")
    /// 3D000: the database does not exist.
    package static let undefinedDatabase = SQLState(known: "3D000")
    /// 40001: also a query cancelled on a standby because it conflicts with recovery.
    package static let serializationFailure = SQLState(known: "40001")
    /// 42501: permission denied.
    package static let insufficientPrivilege = SQLState(known: "42501")
    /// 42601: syntax error.
    package static let syntaxError = SQLState(known: "42601")
    /// 42703: the column does not exist (on this version).
    package static let undefinedColumn = SQLState(known: "42703")
    /// 42704: the object does not exist, e.g. a slot or a setting.
    package static let undefinedObject = SQLState(known: "42704")
    /// 42883: the function does not exist (on this version).
    package static let undefinedFunction = SQLState(known: "42883")
    /// 42P01: the table or view does not exist (on this version).
    package static let undefinedTable = SQLState(known: "42P01")
    /// 53300: max_connections or the role's or database's limit is reached.
    package static let tooManyConnections = SQLState(known: "53300")
    /// 55000: e.g. "recovery is in progress".
    package static let objectNotInPrerequisiteState = SQLState(known: "55000")
    /// 55P03: a lock was not granted within lock_timeout.
    package static let lockNotAvailable = SQLState(known: "55P03")
    /// 57014: cancelled by request or by statement_timeout.
    package static let queryCanceled = SQLState(known: "57014")
    /// 57P01: the backend was terminated by an administrator, or the server is being shut down.
    package static let adminShutdown = SQLState(known: "57P01")
    /// 57P02: another backend crashed.
    package static let crashShutdown = SQLState(known: "57P02")
    /// 57P03: the server is starting up, shutting down, or refuses connections while in recovery.
    package static let cannotConnectNow = SQLState(known: "57P03")
}
