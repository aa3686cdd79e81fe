/// The statements prepared on one connection: which name on the server stands for which text.
struct PreparedStatements {
    private struct Entry {
        let nameOnServer: String
        let sql: String
    }

    private var entries: [String: Entry] = [:]
    private var generation = 0

    /// The name on the server, or nil when the statement must be prepared first.
    func nameOnServer(of statement: Statement) -> String? {
        guard let entry = entries[statement.name], entry.sql == statement.sql else { return nil }
        return entry.nameOnServer
    }

    /// A name that is not taken on this connection: a statement that has to be prepared again must not collide with its former self.
    mutating func newName(for statement: Statement) -> String {
        generation += 1
        return "\(statement.name)#\(generation)"
    }

    mutating func remember(_ statement: Statement, as nameOnServer: String) {
        entries[statement.name] = Entry(nameOnServer: nameOnServer, sql: statement.sql)
    }

    /// Forgets a statement that the server no longer has or that it cannot run any more, because what it reads has changed its shape.
    mutating func forget(_ statement: Statement, after error: PostgresError) {
        if error.sqlState == .invalidStatementName || error.sqlState == .featureNotSupported {
            entries[statement.name] = nil
        }
    }
}
