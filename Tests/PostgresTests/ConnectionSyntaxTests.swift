import CLibPQ
import Testing

@testable import Postgres

/// Our reading of connection strings beside libpq's.
@Suite("The syntax of connection strings")
struct ConnectionSyntaxTests {
    @Test("Where both read a string, they read the same, and ours reads all that libpq does")
    func agrees() throws {
        var read = 0
        var refused = 0
        for conninfo in Self.strings() {
            let theirs = Self.libpq(conninfo)
            let ours = Self.ours(conninfo)
            if let theirs, let ours {
                #expect(ours == theirs, "\(conninfo.debugDescription)")
                read += 1
            } else if theirs == nil {
                #expect(ours == nil, "libpq does not read \(conninfo.debugDescription)")
                refused += 1
            } else {
                // Stricter on purpose: blanks in a URI, / and ? in brackets, and what may be the rest of a password.
                let isStricter = conninfo.hasPrefix("postgres") && conninfo.contains { $0.isWhitespace || "@[".contains($0) }
                #expect(isStricter, "only libpq reads \(conninfo.debugDescription)")
            }
        }
        // A test that compares nothing proves nothing.
        #expect(read > 1000 && refused > 1000, "\(read) read, \(refused) refused")
    }

    private static func libpq(_ conninfo: String) -> [String: String]? {
        guard let parsed = PQconninfoParse(conninfo, nil) else { return nil }
        defer { PQconninfoFree(parsed) }
        return Dictionary(ConnectionString.list(parsed).map { ($0.option.keyword, $0.option.value) }) { $1 }
    }

    private static func ours(_ conninfo: String) -> [String: String]? {
        guard let assignments = try? ConnectionStringSyntax(conninfo).assignments else { return nil }
        guard assignments.allSatisfy({ ConnectionKeywords.complaint(about: $0) == nil }) else { return nil }
        return Dictionary(assignments.map { ($0.keyword, $0.text) }) { $1 }
    }

    /// Written by hand, and made of pieces by a generator that always makes the same.
    private static func strings() -> [String] {
        var strings = written
        var random = SystemlessGenerator(state: 42)
        for _ in 0..<4000 {
            strings.append((0...Int.random(in: 0...7, using: &random)).map { _ in pairs.randomElement(using: &random) ?? "" }.joined())
            let scheme = ["postgres://", "postgresql://"].randomElement(using: &random) ?? ""
            strings.append(scheme + (0...Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
        }
        return strings
    }

    private static let pairs = [
        "host=h ", "port = 5432 ", "user='a b'", " password='it\\'s'", "dbname=\\'x\\\\ ", "host", "=", " ", "\t", "\n", "'", "\\", "password=é ",
        "sslmode= ",
        "options='-c geqo=off' ", "user=", "requiressl=1 ", "requiressl=0 ", "nothing=1 ", "\u{B}", "application_name=a\\ b ", "password=p'w\"x ",
    ]

    private static let pieces = [
        "u", ":", "@", "/", "?", "&", "=", ",", "[", "]", "::1", "%20", "%2F", "%", "%0", "%zz", "%00", "host", "user=", "sslmode=require",
        "ssl=true", "ssl=x",
        "h1", "5432", " ", "#", ";", "é", "password", "&dbname=d", "?user=x", "requiressl=1",
    ]

    private static let written = [
        "", " ", "postgres://", "postgresql://", "postgres:///", "postgres://h", "postgres://u@h", "postgres://u:p@h:1/d?user=x", "postgres://:p@h",
        "postgres://u:@h",
        "postgres://@h", "postgres://h:/d", "postgres://h:1,h2:2/d", "postgres://,/", "postgres://a,b,", "postgres://[::1]",
        "postgres://[::1]:1,[::2]:2/d",
        "postgres://[::1],h:1/d", "postgres://[::1", "postgres://[]", "postgres://[::1]x", "postgres://a[::1]", "postgres:///d",
        "postgres:///?host=/run",
        "postgres://%2Frun%2Fpg/d", "postgres://h/d?", "postgres://h/d?&", "postgres://h/d?user=a&", "postgres://h/d?user=a&&port=1",
        "postgres://h/d?user",
        "postgres://h/d?user=a=b", "postgres://h?user=a", "postgres://h/a/b?user=a", "postgres://u:p?w@h/d", "postgres://u:p#w@h/d",
        "postgres://h/d?us%65r=a",
        "postgres://h/d?ssl=true", "postgres://h/d?ssl=false", "postgres://h%2Ch2:1%2C2/d", "postgres://u%:p@h", "postgres://h:1:2/d", "Postgres://h",
        "postgres:/h",
        "host=h", "host = h", "host='h'port=1", "host='h'x", "host='", "host=h'", "host=\\", "host='\\", "host='a\\", "host==", "host= =", "=h",
        "host", "host h=1",
        "host=a host=b", "host=''", "host= port=1", "password='a''b'", "password=a\\'b", "password=\"a b\"", "host=h\u{A0}user=x",
    ]
}

/// The same numbers at each run.
private struct SystemlessGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
