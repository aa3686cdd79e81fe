import Testing

@testable import Postgres

@Suite("What a server asks for while it authenticates us")
struct AuthenticationGuardTests {
    private typealias Verdict = AuthenticationGuard.Verdict

    private static func message(_ kind: Character, _ code: UInt8, _ text: String = "") -> [UInt8] {
        [kind.asciiValue ?? 0, 0, 0, 0, UInt8(8 + text.utf8.count), 0, 0, 0, code] + text.utf8
    }

    private static let offer = message("R", 10, "SCRAM-SHA-256\0\0")
    private static let first = message("R", 11, "r=abc,s=c2FsdA==,i=4096")
    private static let final = message("R", 12, "v=abc")
    private static let end = message("R", 0)

    /// The verdict on all bytes at once, which must be that on each of them alone, one after the other.
    private func judge(_ bytes: [UInt8], _ rule: AuthenticationRule? = nil) -> AuthenticationGuard.Verdict {
        var all = AuthenticationGuard(rule)
        var single = AuthenticationGuard(rule)
        let verdict = all.judge(bytes)
        let verdicts = bytes.map { single.judge([$0]) }
        #expect((verdicts.first { $0 != .harmless } ?? .harmless) == verdict)
        return verdict
    }

    private func rule(_ text: String) throws -> AuthenticationRule {
        try #require(try AuthenticationRule(parsing: text, from: .connectionString))
    }

    @Test(
        "A reasonable iteration count passes, another does not, whatever the rule",
        arguments: [
            ("4096", AuthenticationGuard.Verdict.harmless), ("1000000", .harmless), ("1000001", .refused(.iterations(1_000_001))),
            ("2147483647", .refused(.iterations(2_147_483_647))), ("99999999999999999999", .refused(.iterations(nil))),
            ("1e9", .refused(.iterations(nil))),
            ("", .refused(.iterations(nil))),
        ],
        [nil, AuthenticationRule.members]
    )
    func judgesCounts(count: (String, AuthenticationGuard.Verdict), rule: AuthenticationRule?) {
        #expect(judge(Self.offer + Self.message("R", 11, "r=abc,s=c2FsdA==,i=\(count.0)"), rule) == count.1)
    }

    @Test("Nothing is whole before it has been judged: the refusal comes with the last byte of the message at the latest")
    func judgesPieces() {
        let bytes = Self.message("N", 0, "notice") + Self.message("R", 3)
        var judge = AuthenticationGuard(.members)
        for byte in bytes.dropLast() { #expect(judge.judge([byte]) == .harmless) }
        #expect(judge.judge([bytes[bytes.count - 1]]) == .refused(.method(.password)))
    }

    @Test(
        "By the rule for servers that Patroni names, nothing is answered that tells a password",
        arguments: [
            ([message("R", 0)], AuthenticationGuard.Verdict.harmless),
            ([message("R", 3)], .refused(.method(.password))),
            ([message("R", 5, "salt")], .refused(.method(.md5))),
            ([message("R", 2)], .refused(.unknown(2))),
            ([message("R", 6)], .refused(.unknown(6))),
            ([message("R", 13)], .refused(.unknown(13))),
            ([message("R", 7)], .harmless),
            ([message("R", 9)], .harmless),
            ([message("R", 10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0")], .harmless),
            ([message("R", 10, "OAUTHBEARER\0\0")], .refused(.method(.oauth))),
            ([message("R", 10, "SCRAM-SHA-256\0OAUTHBEARER\0\0")], .refused(.method(.oauth))),
            // libpq knows none of these, and says so.
            ([message("R", 10, "SCRAM-SHA-1\0PLAIN\0\0")], .harmless),
            ([message("R", 10, "\0")], .harmless),
            // One after the other.
            ([offer, message("R", 3)], .refused(.method(.password))),
            ([offer, first, message("R", 5, "salt")], .refused(.method(.md5))),
            ([message("R", 7), message("R", 3)], .refused(.method(.password))),
            ([message("N", 0), message("v", 0), message("R", 3)], .refused(.method(.password))),
            // A proof that is not given.
            ([offer, first, final, end], .harmless),
            ([offer, end], .refused(.unproven(.scram))),
            ([offer, first, end], .refused(.unproven(.scram))),
            ([message("R", 7), end], .refused(.unproven(.gss))),
            ([message("R", 7), message("R", 8, "token"), end], .harmless),
            // What belongs to nothing that was asked for.
            ([message("R", 12, "v=abc")], .refused(.malformed)),
            ([offer, message("R", 8, "token")], .refused(.malformed)),
            // Lengths that cannot be.
            ([[UInt8(ascii: "R"), 0, 0, 0, 4, 0, 0, 0, 3]], .refused(.malformed)),
            ([[UInt8(ascii: "R"), 1, 0, 0, 0, 0, 0, 0, 3]], .refused(.malformed)),
            ([[UInt8(ascii: "N"), 0, 0, 0, 3, 0]], .refused(.malformed)),
            // A refusal is libpq's to tell; nothing is asked for after it.
            ([message("E", 0), message("R", 3)], .harmless),
            ([end, message("R", 3)], .harmless),
            ([[]], .harmless),
        ]
    )
    func judgesForMembers(messages: [[UInt8]], verdict: AuthenticationGuard.Verdict) {
        #expect(judge(messages.flatMap(\.self), .members) == verdict)
    }

    @Test("Without a rule all is libpq's but the iterations")
    func judgesWithoutRule() {
        for code in [0, 2, 3, 5, 6, 7, 8, 9, 12, 99] as [UInt8] { #expect(judge(Self.message("R", code)) == .harmless) }
        #expect(judge(Self.offer + Self.end) == .harmless)
        #expect(judge(Self.message("R", 11, "i=2147483647")) == .refused(.iterations(2_147_483_647)))
    }

    @Test(
        "A rule of the connection string",
        arguments: [
            ("password", message("R", 3), AuthenticationGuard.Verdict.harmless), ("password", message("R", 5), .refused(.method(.md5))),
            ("password", message("R", 3) + end, .harmless), ("scram-sha-256", end, .refused(.method(.none))),
            ("scram-sha-256", offer + first + final + end, .harmless), ("md5", offer, .refused(.method(.scram))),
            ("none", message("R", 3), .refused(.method(.password))), ("none", end, .harmless), ("gss", message("R", 9), .refused(.method(.sspi))),
            ("!password", message("R", 5), .harmless), ("!password,!md5", message("R", 5), .refused(.method(.md5))),
            ("!none", end, .refused(.method(.none))), ("!none", message("R", 3) + end, .harmless),
        ]
    )
    func judgesByRule(text: String, bytes: [UInt8], verdict: AuthenticationGuard.Verdict) throws {
        #expect(judge(bytes, try rule(text)) == verdict)
    }

    @Test(
        "A rule is read as libpq reads it, or an error that does not repeat it",
        arguments: [
            "password,password", "scram", "PASSWORD", "password,!md5", "!password,md5", ",", "password,", " password", "!!md5", "!", "sEcret",
        ]
    )
    func refusesRules(text: String) {
        let error = #expect(throws: PostgresError.self) { try AuthenticationRule(parsing: text, from: .connectionString) }
        let known = "password, md5, gss, sspi, scram-sha-256, oauth, none"
        #expect(
            error?.message == "require_auth: expected one or more of \(known), each once and separated by commas, or all of them with a ! before"
        )
        let whole = #expect(throws: PostgresError.self) { try ConnectionParameters.validate("host=h require_auth='\(text)'") }
        #expect(whole?.message == error.map { "not a valid connection string: \($0.message)" })
    }

    @Test("The rule for members is one that libpq reads, and an empty one says nothing")
    func readsRules() throws {
        #expect(try AuthenticationRule(parsing: AuthenticationRule.members.text, from: .members) == .members)
        #expect(try AuthenticationRule(parsing: "", from: .connectionString) == nil)
        #expect(try rule("!md5,!password").allowed == [.gss, .sspi, .scram, .oauth, .none])
    }

    @Test("The connection string's rule comes before the one for members")
    func choosesRules() throws {
        var parameters = ConnectionParameters(conninfo: "user=u")
        #expect(try parameters.authenticationRule() == nil)
        parameters.authentication = .members
        #expect(try parameters.authenticationRule() == .members)
        for conninfo in ["user=u require_auth=md5", "postgresql://u@h?require_auth=md5"] {
            parameters.conninfo = conninfo
            #expect(try parameters.authenticationRule()?.allowed == [.md5])
        }
        parameters.conninfo = "require_auth=''"
        #expect(try parameters.authenticationRule() == .members)
    }
}

@Suite("require_auth in a connection string")
struct RequireAuthTextTests {
    @Test(
        "It is taken out for a libpq that does not know it, and the rest stays as it is",
        arguments: [
            ("host=h require_auth=md5 user=u", "host=h user=u"), ("require_auth=md5", ""), ("host=h require_auth = 'a b' port=1", "host=h  port=1"),
            (#"require_auth='a\'b' user='c d'"#, " user='c d'"), (#"require_auth=a\ b"#, ""), ("require_auth=a require_auth=b", ""),
            ("host='require_auth=a'", "host='require_auth=a'"), ("host=h password=require_auth=a", "host=h password=require_auth=a"),
            ("host=h require_auth=", "host=h "), ("", ""), ("postgresql://h/d?require_auth=md5", "postgresql://h/d?"),
            ("postgres://h?user=b&require_auth=%21md5&port=1", "postgres://h?user=b&port=1"),
            ("postgres://h?user=b&require%5Fauth=a", "postgres://h?user=b&"),
            ("postgresql://u:p?require_auth=x@h/d", "postgresql://u:p?require_auth=x@h/d"), ("postgresql://h/d", "postgresql://h/d"),
            ("postgresql://u:p?require_auth=x@h/d?require_auth=y", "postgresql://u:p?require_auth=x@h/d?"),
        ]
    )
    func takesOut(conninfo: String, rest: String) throws {
        #expect(try ConnectionStringSyntax(conninfo).text(without: "require_auth") == rest)
    }

    @Test(
        "A connection string with it is valid with any libpq, and shown with it",
        arguments: ["host=h require_auth=!md5", "postgresql://h?require_auth=!md5"]
    )
    func isKnown(conninfo: String) throws {
        try ConnectionParameters.validate(conninfo)
        #expect(ConnectionParameters.redacted(conninfo) == "host=h require_auth=!md5")
        #expect(ConnectionParameters.redacted("host=h require_auth=sEcret") == "(not a valid connection string)")
        #expect(ConnectionParameters.keywords(in: conninfo) == ["host", "require_auth"])
    }
}
