import Testing

@testable import Postgres

@Suite("Errors")
struct ErrorTests {
    @Test("An SQLSTATE is five digits or capital letters", arguments: ["", "4250", "425011", "4250a", "42 01", "4250é"])
    func refusesSQLStates(text: String) {
        #expect(SQLState(text) == nil)
    }

    @Test("An SQLSTATE equals the constant with its name")
    func knowsSQLStates() {
        #expect(SQLState("42501") == .insufficientPrivilege)
        #expect(SQLState("57P01") == .adminShutdown)
    }

    @Test("A message is one line of bounded length")
    func bringsIntoOneLine() {
        #expect(PostgresError(.server, "a\n\tb  c\u{7}\r\n").message == "a; b c")
        #expect(PostgresError(.server, String(repeating: "x", count: 600)).message.count == 500)
        #expect(PostgresError(.server, sqlState: .syntaxError, "no").description == "42601: no")
    }

    @Test("The SQLSTATE is read out of libpq's verbose complaint about a connection")
    func readsVerboseComplaints() {
        let complaint = """
            connection to server at "::1", port 5432 failed: Connection refused
            \tIs the server running on that host and accepting TCP/IP connections?
            connection to server at "127.0.0.1", port 5432 failed: SCHWERWIEGEND:  57P03: das Datenbanksystem startet
            LOCATION:  ProcessStartupPacket, postmaster.c:2352
            """
        let error = ConnectionOpening.failure(saying: complaint)
        #expect(error.code == .connectionFailed)
        #expect(error.sqlState == .cannotConnectNow)
        #expect(error.message.hasSuffix(#"connection to server at "127.0.0.1", port 5432 failed: SCHWERWIEGEND: das Datenbanksystem startet"#))
    }

    @Test(
        "A text that says a password is not shown, but for what it may say by chance",
        arguments: [
            ("Tr0ub4dor&3", "no such user with Tr0ub4dor&3", true), ("pässword 1", "it is pässword 1!", true), ("Tr0ub4dor&3", "no such user", false),
            ("e", "connection failed", false), ("failed", "connection failed", false), ("authentication", "password authentication failed", false),
            ("12345678", "port 12345678", false), ("db-orders-1", #"could not translate host name "db-orders-1.example""#, false), ("", "x", false),
        ]
    )
    func withholdsEchoes(password: String, text: String, isWithheld: Bool) {
        #expect(ErrorText.repeats([password], in: text, besides: ["db-orders-1.example"]) == isWithheld)
    }

    @Test(
        "What libpq quotes of a connection string that is not ours is not shown",
        arguments: [
            #"missing "=" after "sEcret" in connection info string"#, #"invalid connection option "sEcret""#,
            #"extra key/value separator "=" in URI query parameter: "sEcret""#, #"invalid percent-encoded token: "%sEcret""#,
            #"forbidden value %00 in percent-encoded value: "sEcret""#,
            #"unexpected spaces found in "sEcret", use percent-encoded spaces (%20) instead"#,
            #"unexpected character "x" at position 3 in URI (expected ":" or "/"): "sEcret""#,
            #"end of string reached when looking for matching "]" in IPv6 host address in URI: "sEcret""#,
        ]
    )
    func withholdsConnectionStrings(complaint: String) {
        #expect(ConnectionOpening.failure(saying: complaint).message == ErrorText.unreadableService)
    }

    @Test(
        "Versions are shown and compared by their number",
        arguments: [(150018, "15.18", 15), (190000, "19", 19), (90624, "9.6.24", 9), (0, "unknown", 0)]
    )
    func showsVersions(number: Int, text: String, major: Int) {
        #expect(ServerVersion(number: number).description == text)
        #expect(ServerVersion(number: number).major == major)
        #expect(ServerVersion(number: number) < ServerVersion(major: 20))
    }

    @Test(
        "A word is as far from another as it has letters to change",
        arguments: [("hots", "host", 2), ("", "ab", 2), ("port", "port", 0), ("a", "b", 1)]
    )
    func measuresDistance(one: String, other: String, distance: Int) {
        #expect(editDistance(one, other) == distance)
    }
}
