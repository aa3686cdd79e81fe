import Testing

@testable import Postgres

@Suite("Connection strings")
struct ConnectionStringTests {
    @Test(
        "A connection string is loggable once redacted",
        arguments: [
            ("user=u password=sEcret host=h port=5433 dbname=d", "host=h port=5433 dbname=d user=u password=***"),
            ("postgresql://u:sEcret@h:5433/d?sslmode=require", "host=h port=5433 dbname=d user=u password=*** sslmode=require"),
            ("postgresql://u:s%40Ecret@h/d", "host=h dbname=d user=u password=***"),
            ("host=h sslkey=/k sslpassword='sEcret x' passfile=/p", "host=h passfile=/p sslkey=/k sslpassword=***"),
            ("service=orders application_name='a b'", "service=orders application_name='a b'"),
            ("service=orders application_name='a  b'", "service=orders application_name='a  b'"),
            (
                "application_name='it\\'\u{301}s' fallback_application_name='\\\\\u{301}'",
                #"application_name='it\'\#u{301}s' fallback_application_name='\\\#u{301}'"#
            ),
            ("application_name='a\u{1b}[31mb'", "application_name='a [31mb'"), ("application_name='a\nb'", "application_name='a; b'"),
            ("host=a,b port=1,2", "host=a,b port=1,2"),
            ("", "(from the environment)"),
            ("password=my sEcret", "(not a valid connection string)"),
            ("postgresql://u:p@sEcret@h/d", "(not a valid connection string)"),
        ]
    )
    func redacts(conninfo: String, expected: String) {
        #expect(ConnectionParameters.redacted(conninfo) == expected)
    }

    @Test(
        "What is wrong with a connection string is told without quoting it",
        arguments: [
            "sEcret", "password=my sEcret", "host=h password='sEcret", "postgresql://u:sEcret", "postgresql://u:p/sEcret@h/d",
            "postgresql://u:1/sEcret@h/d", "postgresql://u:p@sEcret@h/d", "postgresql://u:%zzsEcret@h/d",
            "host=h port=sEcret", "host='h sEcret'", "sEcret=1", "host=h\0password=sEcret",
        ]
    )
    func refusesWithoutQuoting(conninfo: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        #expect(error?.code == .invalidConnectionString)
        #expect(error?.description.contains("cret") == false)
        #expect(error?.description.hasPrefix("not a valid connection string: expected key=value pairs or a postgresql:// URI") == true)
    }

    @Test(
        "A misspelt option is named, with the one that was meant",
        arguments: [
            ("hots=h", "hots", "host"), ("host=h pasword=x", "pasword", "password"), ("postgresql://h/d?sslmod=require", "sslmod", "sslmode"),
        ]
    )
    func suggests(conninfo: String, word: String, meant: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        #expect(error?.message.hasSuffix("unknown option '\(word)', did you mean '\(meant)'?") == true)
    }

    @Test(
        "What libpq accepts is valid",
        arguments: [
            "", "host=/run/postgresql", "postgres://", "host=::1 port=5432", "postgresql://[::1]:5432/d", "host=@abstract user='a b'",
            "postgresql://u:p?w@h/d",
        ]
    )
    func accepts(conninfo: String) throws {
        try ConnectionParameters.validate(conninfo)
    }

    @Test("Parameters can be printed in every way without showing the password")
    func printsSafely() {
        let parameters = ConnectionParameters(conninfo: "host=h password=sEcret")
        var dumped = ""
        dump(parameters, to: &dumped)
        #expect("\(parameters)" == "host=h password=***")
        #expect(!"\(parameters) \(String(reflecting: parameters)) \([parameters]) \(dumped)".contains("sEcret"))
    }

    @Test("Our settings are added to the user's own options, and the connection string overrides only our defaults")
    func ordersKeywords() throws {
        let parameters = ConnectionParameters(
            conninfo: "host=h client_encoding=LATIN1 options='-c work_mem=1MB'",
            statementTimeout: .milliseconds(2500),
            lockTimeout: .microseconds(10)
        )
        let keywords = try parameters.keywords(password: "p", sending: .all)
        let names = keywords.map(\.keyword)
        let connectionString = try #require(names.firstIndex(of: "dbname"))
        for ours in ["keepalives", "tcp_user_timeout", "fallback_application_name"] {
            #expect(try #require(names.firstIndex(of: ours)) < connectionString)
        }
        #expect(try #require(names.firstIndex(of: "client_encoding")) > connectionString)
        let options = try #require(keywords.last?.value)
        #expect(options.hasPrefix(#"-c work_mem=1MB -c role=none -c quote_all_identifiers=off -c search_path=pg_catalog,\ pg_temp "#))
        #expect(options.contains(" -c statement_timeout=2500ms -c lock_timeout=1ms "))
        let withoutOptions = try parameters.keywords(password: nil, sending: .withoutOptions).map(\.keyword)
        #expect(!withoutOptions.contains("options") && !withoutOptions.contains("password") && withoutOptions.contains("client_encoding"))
        let none = try parameters.keywords(password: nil, sending: .none).map(\.keyword)
        #expect(!none.contains("client_encoding") && !none.contains("fallback_application_name"))
    }

    @Test(
        "A refusal is tried again with less, unless it cannot have been the parameters",
        arguments: [
            ("08P01", "unsupported startup parameter: options", true), ("0A000", "no such thing here", true), (nil, "FATAL: what is this", true),
            (nil, "unknown option", true), ("28000", "startup parameter \"options\" is not allowed", true), ("42704", "unrecognized", true),
            ("28P01", "password authentication failed", false), ("28000", "no pg_hba.conf entry", false), ("3D000", "no such database", false),
            ("53300", "too many connections", false), ("57P03", "the database system is starting up", false), (nil, "Connection refused", false),
            (nil, "server closed the connection unexpectedly", false),
        ] as [(String?, String, Bool)]
    )
    func triesAgain(state: String?, words: String, isTried: Bool) {
        let error = PostgresError(.connectionFailed, sqlState: state.flatMap { SQLState($0) }, words)
        #expect((StartupParameters.all.next(after: error) == .withoutOptions) == isTried)
        #expect(StartupParameters.none.next(after: error) == nil)
        #expect(StartupParameters.all.next(after: PostgresError(.timedOut, sqlState: error.sqlState, words)) == nil)
    }
}
