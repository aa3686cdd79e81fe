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

    @Test("Our limits are added to the user's own options, and the connection string overrides only our defaults")
    func ordersKeywords() throws {
        let parameters = ConnectionParameters(
            conninfo: "host=h options='-c work_mem=1MB'",
            statementTimeout: .milliseconds(2500),
            lockTimeout: .microseconds(10)
        )
        let keywords = try parameters.keywords(password: "p", withSessionSettings: true)
        let names = keywords.map(\.keyword)
        let connectionString = try #require(names.firstIndex(of: "dbname"))
        for ours in ["keepalives", "tcp_user_timeout", "fallback_application_name", "client_encoding"] {
            #expect(try #require(names.firstIndex(of: ours)) < connectionString)
        }
        #expect(
            keywords.last?.value == "-c work_mem=1MB -c statement_timeout=2500 -c lock_timeout=1 -c search_path=pg_catalog -c jit=off"
        )
        #expect(try !parameters.keywords(password: nil, withSessionSettings: false).contains { $0.keyword == "options" || $0.keyword == "password" })
    }
}
