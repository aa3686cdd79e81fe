import Testing

@testable import YAMLTree

struct NodeReaderTests {
    enum Color: String, CaseIterable { case red, green, blue }

    @Test(arguments: [
        ("yes", "yes"), ("1", "1"), ("'null'", "null"), ("\"\"", ""), ("|\n  a\n", "a\n"), ("\"a\\nb\"", "a\nb"),
    ])
    func `text is what is written`(text: String, expected: String) {
        let result = reading(text) { $0.text() }
        #expect(result.value == expected)
        #expect(result.problems == [])
    }

    @Test(arguments: [
        ("~", "expected text, got nothing"),
        ("null", "expected text, got nothing"),
        ("[a]", "expected text, got a list"),
        ("{a: b}", "expected text, got a mapping"),
        ("\"a\\0b\"", "must not contain the character NUL"),
    ])
    func `what is no text is a problem`(text: String, message: String) {
        let result = reading(text) { $0.text() }
        #expect(result.value == nil)
        #expect(result.problems == ["config.yml:1:1: \(message)"])
    }

    @Test(arguments: [("true", true), ("False", false), ("TRUE", true)])
    func `booleans are true and false`(text: String, expected: Bool) {
        #expect(reading(text) { $0.boolean() }.value == expected)
    }

    @Test(arguments: [
        ("yes", "expected true or false, got 'yes'"),
        ("'true'", "expected true or false, got 'true'"),
        ("1", "expected true or false, got '1'"),
        ("", "expected true or false, got nothing"),
        ("[true]", "expected true or false, got a list"),
    ])
    func `other booleans are problems`(text: String, message: String) {
        #expect(reading(text) { $0.boolean() }.problems == ["config.yml:1:1: \(message)"])
    }

    @Test(arguments: [("1", 1), ("65535", 65535), ("0080", 80)])
    func `integers within the range are read`(text: String, expected: Int) {
        #expect(reading(text) { $0.integer(in: 1...65535) }.value == expected)
    }

    @Test(arguments: [
        ("0", ", got '0'"), ("65536", ", got '65536'"), ("-1", ", got '-1'"), ("1.5", ", got '1.5'"), ("0x10", ", got '0x10'"),
        ("1_000", ", got '1_000'"),
        ("99999999999999999999999", ", got '99999999999999999999999'"), ("'5'", ", got '5'"), ("a b", ""), ("~", ", got nothing"),
        ("{}", ", got a mapping"),
    ])
    func `other integers are problems that name the range`(text: String, got: String) {
        #expect(reading(text) { $0.integer(in: 1...65535) }.problems == ["config.yml:1:1: expected a whole number from 1 to 65535\(got)"])
    }

    @Test(arguments: [
        ("gren", ", got 'gren'; did you mean 'green'?"), ("RED", ", got 'RED'; did you mean 'red'?"), ("mauve", ", got 'mauve'"),
        ("", ", got nothing"),
        ("a=b", ""), ("[red]", ", got a list"),
    ])
    func `choices list what is allowed`(text: String, rest: String) {
        let result = reading(text) { $0.choice(of: Color.self) }
        #expect(result.value == nil)
        #expect(result.problems == ["config.yml:1:1: expected one of red, green, blue\(rest)"])
    }

    @Test func `a known choice is read`() {
        #expect(reading("'green'") { $0.choice(of: Color.self) }.value == .green)
    }

    @Test(arguments: [
        ("5", "expected a duration such as 500ms, 5s, 1m30s or 2h; the number 5 has no unit"),
        ("5 s", "expected a duration such as 500ms, 5s, 1m30s or 2h"),
        ("", "expected a duration such as 5s, got nothing"),
        ("[5s]", "expected a duration such as 5s, got a list"),
    ])
    func `other durations are problems`(text: String, message: String) {
        #expect(reading(text) { $0.duration() }.problems == ["config.yml:1:1: \(message)"])
    }
}
