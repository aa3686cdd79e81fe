import Testing

@testable import Postgres

@Suite("Values that swallow the next key")
struct SwallowedKeyTests {
    @Test(
        "A value that holds a further key or a password is suspect",
        arguments: [
            ("host", "127.0.0.1;password=x"), ("host", "127.0.0.1%20password=x"), ("host", "h&password=x"), ("host", "h,password=x"),
            ("host", "h password=x"), ("host", "hpassword=x"), ("host", "h\u{A0}password=x"), ("host", "h;PASSWORD=x"), ("host", "h;Pwd=x"),
            ("host", "h;pasword=x"), ("host", "h;passwort=x"), ("host", "h;user=x"), ("host", "password=x"), ("host", "user=x"),
            ("host", "h;user = x"),
            ("host", "h%3Bpassword%3Dx"), ("host", "h；password＝x"), ("host", "h,password:x"), ("host", "/run/pg;user=x"), ("host", "/run/pg user=x"),
            ("host", "PGPASSWORD=x"), ("user", "me;sslpassword=x"), ("user", "me;dbname=x"), ("dbname", "d?sslmode=require"), ("dbname", "d&user=x"),
            ("dbname", "postgresql://u:p@h/d"), ("service", "s;password=x"), ("sslmode", "require;password=x"), ("port", "5432;password=x"),
            ("sslcert", "/c.pem;password=x"), ("sslrootcert", "/c.pem sslmode=require"), ("application_name", "a;password=x"),
            ("application_name", "a password: x"), ("application_name", "postgres://u:p@h"), ("options", "host=h password=x"),
            ("options", "-c geqo=off;password=x"), ("options", "-cgeqo=off pwd=x"), ("options", "--geqo=off password=x"),
            ("krbsrvname", "postgres secret=x"), ("passfile", "/f;pass=x"),
        ]
    )
    func suspects(keyword: String, value: String) {
        #expect(SwallowedKey.isSuspected(in: value, of: keyword))
    }

    @Test(
        "What only looks like it is not",
        arguments: [
            ("options", "-c geqo=off"), ("options", "-c search_path=a,b -c application_name=x --tcp_user_timeout=5"),
            ("options", "-cclient_encoding=UTF8"),
            ("options", "-c password_encryption=scram-sha-256"), ("options", "-c myapp.password=x"), ("options", "-c\\ application_name=x"),
            ("application_name", "a=b"), ("application_name", "host=a user=b"), ("application_name", "team:dba"), ("host", "/srv/pg=15"),
            ("host", "/srv/port=5432/run"), ("host", "::1"), ("host", "fe80::1%eth0"), ("host", "passwords.example"), ("user", "cn=me,ou=x"),
            ("user", "me@server"), ("user", "password"), ("dbname", "a=b"), ("dbname", "passwords"), ("sslkey", "pkcs11:token=a;object=b"),
            ("sslcert", "/etc/ssl/host=a.pem"), ("service", "orders"), ("user", ""), ("dbname", "==="), ("application_name", "http://h/?a=b"),
        ]
    )
    func trusts(keyword: String, value: String) {
        #expect(!SwallowedKey.isSuspected(in: value, of: keyword))
    }

    @Test(
        "The key is named, the value is not, and nothing of the string is shown anywhere",
        arguments: [
            ("host=127.0.0.1;password=sEcret", "host"), ("host=h%20password=sEcret", "host"), ("host= password=sEcret", "host"),
            ("user='me password=sEcret'", "user"), ("dbname=d;password=sEcret host=h", "dbname"), ("host=h service=s,password=sEcret", "service"),
            ("host=h sslmode=require;password=sEcret", "sslmode"), ("postgresql://h/d;password=sEcret", "dbname"),
            ("postgresql://h/d&password=sEcret", "dbname"), ("postgresql://h/d?user=a%26password%3DsEcret", "user"),
            ("host=a;password=sEcret host=b", "host"), ("host=h dbname=postgresql://u:sEcret@h/d", "dbname"),
        ]
    )
    func tells(conninfo: String, keyword: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionParameters.validate(conninfo) }
        #expect(error?.message.hasPrefix("not a valid connection string: \(keyword) seems to hold a further key or a password") == true)
        #expect(error?.message.contains("sEcret") == false)
        #expect(ConnectionParameters.redacted(conninfo) == "(not a valid connection string)")
        #expect(ConnectionParameters.endpoints(of: conninfo).isEmpty)
    }
}
