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
            ("application_name='a\u{1b}[31mb'", "(not a valid connection string)"), ("application_name='a\nb'", "(not a valid connection string)"),
            ("user='a\u{202E}b'", "(not a valid connection string)"), ("options='-c a.b=sEcret'", "options=***"),
            ("host=h sslkey='pkcs11:token=t;pin-value=sEcret'", "host=h sslkey=***"),
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
        "What is wrong with a connection string is told by its place, without quoting it",
        arguments: [
            ("sEcret", "what begins at character 1 is followed by no '='"),
            ("password=my sEcret", "what begins at character 13 is followed by no '='"),
            ("host=h password='sEcret", "the quote at character 17 is not closed"), ("host=h\0password=sEcret", "the character NUL at character 7"),
            ("postgresql://u:%zzsEcret@h/d", "a % at character 16 is not followed by two hexadecimal digits"),
            ("postgresql://u:sEcret%00@h/d", "the character NUL (%00) at character 22"),
            ("postgresql://h/d?sEcret", "the parameter at character 18 has no '='"),
            ("postgresql://h/d?user=a;password=sEcret", "the parameter at character 18 has more than one '='"),
            ("postgresql://[sEcret", "the bracket at character 14 is not closed"), ("postgresql://[::1]sEcret", "only a port may follow"),
            ("postgresql://[]:sEcret", "no address in the brackets at character 14"),
            ("postgresql://u:sEcret x@h/d", "a blank or control character at character 22"),
            ("postgresql://u:p/sEcret@h/d", "must be percent-encoded"), ("postgresql://u:1/sEcret@h/d", "must be percent-encoded"),
            ("postgresql://u:p@sEcret@h/d", "must be percent-encoded"), ("postgresql://u:p@1/sEcret@h/d", "must be percent-encoded"),
            ("postgresql://u:sEcret", "port: expected a number from 1 to 65535"), ("host=h port=sEcret", "port: expected a number from 1 to 65535"),
            ("host='h sEcret'", "host: expected names, addresses or directories of sockets"), ("sEcret=1", "the key at character 1 is none of libpq"),
            ("host=h pässwörd=x sEcret=1", "the key at character 8 is none of libpq"),
        ]
    )
    func refusesWithoutQuoting(conninfo: String, words: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        #expect(error?.code == .invalidConnectionString)
        #expect(error?.description.contains("cret") == false)
        #expect(error?.description.hasPrefix("not a valid connection string: ") == true)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test(
        "A misspelt key is told by its place, with the one that was meant; it may be a piece of a password",
        arguments: [
            ("hots=h", 1, "host"), ("host=h pasword=x", 8, "password"), ("postgresql://h/d?sslmod=require", 18, "sslmode"), ("Host=h", 1, "host"),
        ]
    )
    func suggests(conninfo: String, place: Int, meant: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        let words = "the key at character \(place) is none of libpq \(ClientLibrary.version); did you mean '\(meant)'?"
        #expect(error?.message == "not a valid connection string: \(words)")
    }

    @Test("A key of a later libpq is told so", .enabled(if: !ConnectionKeywords.names.contains("scram_client_key")))
    func knowsLaterKeys() {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate("host=h scram_client_key=x") }
        #expect(error?.message.hasSuffix("scram_client_key needs libpq 18, and this is libpq \(ClientLibrary.version)") == true)
    }

    @Test(
        "Values that libpq would refuse when it connects are refused before, with what is allowed",
        arguments: [
            ("sslmode=verify_full", "sslmode: expected one of disable, allow, prefer, require, verify-ca, verify-full"),
            ("sslmode=''", "sslmode: expected one of"), ("channel_binding=yes", "channel_binding: expected one of disable, prefer, require"),
            ("gssencmode=on", "gssencmode: expected one of"),
            ("target_session_attrs=master", "target_session_attrs: expected one of any, read-write"),
            ("ssl_min_protocol_version=1.2", "ssl_min_protocol_version: expected one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"),
            ("ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=tlsv1.2", "ssl_min_protocol_version is above ssl_max_protocol_version"),
            ("port=0", "port: expected a number from 1 to 65535"), ("port=65536", "port: expected"), ("port=+5", "port: expected"),
            ("host=a,b port=1,2,3", "port: 3 for 2 hosts; give one for all, or one for each"), ("host=a port=1,2", "port: 2 for 1 hosts"),
            ("host=a,b hostaddr=::1", "hostaddr: 1 for 2 of host"), ("hostaddr=localhost", "hostaddr: expected an IPv4 or IPv6 address"),
            ("hostaddr=::1,::2 port=1,2,3", "port: 3 for 2 hosts"), ("host=a:5432", "the port is a key of its own"),
            ("host=a;b", "host: expected names"),
            ("connect_timeout=fast", "connect_timeout: expected a whole number"), ("keepalives=yes", "keepalives: expected a whole number"),
            ("host=/\(String(repeating: "x", count: 100))", "host: the path of the socket's directory is too long"),
            ("replication=database", "replication: nothing can be asked"), ("service=no-such-service-here", "service: there is none of this name"),
            ("application_name=a\u{200B}b", "application_name holds the invisible character U+200B"),
        ]
    )
    func refusesValues(conninfo: String, words: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(
        "What libpq accepts is valid",
        arguments: [
            "", "host=/run/postgresql", "postgres://", "host=::1 port=5432", "postgresql://[::1]:5432/d", "host=@abstract user='a b'",
            "postgresql://u:p?w@h/d", "postgresql://u:p#w;x=y&z@h/d", "host=a,b port=1,2", "host=a,b port=1", "host=a,b hostaddr=::1,::2 port=,5432",
            "host=,b",
            "postgresql://a,b:2,[::1]:3/d?target_session_attrs=primary", "hostaddr=127.0.0.1", "host=fe80::1%eth0", "postgresql://%2Frun%2Fpg/d",
            "ssl_min_protocol_version='' port='' connect_timeout=''", "requiressl=1", "postgresql://h/d?ssl=true", "user=me@server dbname=a=b",
            " \n\t ", "password='a b;host=x' sslpassword=host=y", "host='/srv/pg port'",
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
