import ReplicationModel
import Testing

/// Every line was put to PostgreSQL 15.18: `postgres -C synchronous_standby_names -c synchronous_standby_names=…`.
struct SynchronousStandbysTests {
    @Test(
        "What PostgreSQL accepts is understood",
        arguments: [
            ("a", .first, 1, ["a"]),
            ("a, b", .first, 1, ["a", "b"]),
            ("*", .first, 1, ["*"]),
            ("*, a", .first, 1, ["*", "a"]),
            ("\"*\"", .first, 1, ["*"]),
            ("FIRST 2 (a, b)", .first, 2, ["a", "b"]),
            ("first 2(a,b)", .first, 2, ["a", "b"]),
            ("FIRST 1 (*)", .first, 1, ["*"]),
            ("ANY 1 (a, \"b c\", *)", .any, 1, ["a", "b c", "*"]),
            ("aNy 2 (a, b)", .any, 2, ["a", "b"]),
            ("2 (a, b)", .first, 2, ["a", "b"]),
            // Names that are keywords are quoted, names that are numbers need not be.
            ("\"any\"", .first, 1, ["any"]),
            ("\"first\", \"ANY\"", .first, 1, ["first", "ANY"]),
            ("any 1 (\"any\")", .any, 1, ["any"]),
            ("1", .first, 1, ["1"]),
            ("007", .first, 1, ["007"]),
            ("1, 2", .first, 1, ["1", "2"]),
            ("2 (1, 2)", .first, 2, ["1", "2"]),
            ("anything, firstly", .first, 1, ["anything", "firstly"]),
            ("\"a-b\"", .first, 1, ["a-b"]),
            ("\"a\"\"b\"", .first, 1, ["a\"b"]),
            ("\"\"", .first, 1, [""]),
            ("\"a, (b\"", .first, 1, ["a, (b"]),
            ("_x$1", .first, 1, ["_x$1"]),
            ("Ünïcode", .first, 1, ["Ünïcode"]),
            (" \t a\n,\u{0C}b ", .first, 1, ["a", "b"]),
            // An accent that stands alone belongs to the name, not to the mark before it.
            ("\"\u{301}a\"", .first, 1, ["\u{301}a"]),
        ] as [(String, SynchronousStandbys.Method, Int, [String])]
    )
    func accepted(setting: String, method: SynchronousStandbys.Method, required: Int, names: [String]) throws {
        let standbys = try #require(try SynchronousStandbys(setting))
        #expect(standbys.method == method)
        #expect(standbys.required == required)
        #expect(standbys.names == names)
    }

    @Test("An empty setting lets commits wait for nobody")
    func empty() throws {
        #expect(try SynchronousStandbys("") == nil)
    }

    @Test(
        "What PostgreSQL refuses is refused",
        arguments: [
            "any", "first", "any, b", "first, b", "any any", "any 1 (any)", "ANY (a, b)", "FIRST a", "second 1 (a)", "\"first\" 2 (a)",
            "0 (a)", "ANY 0 (a)", "+2 (a)", "-1 (a)", "2 ()", "2 (a", "2 a)", "2(a,b) c", "(a, b)", "a (b)", "a(1)", "1a", "12abc",
            "a,", ",a", ",", "a b", "a-b", "s1.dc", "a;b", "$x", "\"a", "\"a\"\"",
        ]
    )
    func refused(setting: String) {
        #expect(throws: InvalidSynchronousStandbyNames()) { try SynchronousStandbys(setting) }
    }

    @Test("Those count as connected that stream and that the server itself calls sync or quorum")
    func connected() throws {
        let standbys = try #require(try SynchronousStandbys("FIRST 1 (sby1, other)"))
        #expect(standbys.connected(among: [walsender(.streaming, .sync), walsender(.streaming, .quorum)]) == 2)
        #expect(standbys.connected(among: [walsender(.streaming, .potential), walsender(.streaming, .async)]) == 0)
        #expect(standbys.connected(among: [walsender(.catchup, .sync), walsender(.backup, nil)]) == 0)
        #expect(standbys.connected(among: []) == 0)
    }

    private func walsender(_ state: Walsender.State, _ syncState: Walsender.SyncState?) -> Walsender {
        Walsender(applicationName: "sby1", state: state, syncState: syncState, current: LSN(1))
    }
}
