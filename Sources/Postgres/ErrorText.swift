import CLibPQ

/// Which texts of libpq's and of servers' may be shown.
///
/// Nothing is blotted out of a text: that would tell a password that is a common word to everybody who knows the text without it. What libpq
/// quotes, of what it was given, has been looked at before it was given; a text that could hold a secret all the same is not shown at all.
enum ErrorText {
    static let withheld = "what is said about it may hold a secret, and is not shown"

    static let unreadableService = "libpq cannot read what its service file, or LDAP, tells of the server"

    /// Whether a line of libpq's quotes a connection string. Ours has been read before; others come by LDAP.
    static func quotesConnectionString(_ line: Substring) -> Bool {
        quoting.contains { line.contains($0) }
    }

    private static let quoting = [
        #"missing "=" after ""#, "invalid connection option", "unterminated quoted string in connection info", "URI query parameter",
        "percent-encoded", "in IPv6 host address in URI", "in URI (expected",
    ]

    /// Whether all that libpq goes by may be quoted. A service file may have changed since it was looked at.
    static func mayQuote(_ connection: OpaquePointer) -> Bool {
        guard let effective = PQconninfo(connection) else { return true }
        defer { PQconninfoFree(effective) }
        return ConnectionString.list(effective).map(\.option).allSatisfy { $0.isSecret || !SwallowedKey.isSuspected(in: $0.value, of: $0.keyword) }
    }

    /// Whether a server says a password that it was told: one that no text has by chance, since it is long and no word, and that is not
    /// part of what may be shown.
    static func repeats(_ secrets: [String], in text: String, besides shown: [String]) -> Bool {
        secrets.contains { secret in
            secret.utf8.count >= 8 && secret.contains { !$0.isLetter } && secret.contains { $0.isLetter }
                && text.contains(secret) && !shown.contains { $0.contains(secret) }
        }
    }
}
