import Testing

@testable import YAMLTree

struct SuggestionTests {
    private let known = ["dsn", "expect", "labels", "name", "password_file", "slots", "standbys"]

    @Test(arguments: [
        ("nmae", "name"), ("Name", "name"), ("label", "labels"), ("lables", "labels"), ("dns", "dsn"), ("slot", "slots"), ("standby", "standbys"),
        ("passwordfile", "password_file"), ("PASSWORD", "password_file"), ("expected", "expect"), ("expects", "expect"),
    ])
    func `the nearest name is found`(text: String, expected: String) {
        #expect(Suggestion.nearest(to: text, among: known) == expected)
    }

    @Test(arguments: ["", "x", "host", "zebra", "user", String(repeating: "name", count: 5000)])
    func `nothing is suggested for what is far from all`(text: String) {
        #expect(Suggestion.nearest(to: text, among: known) == nil)
    }
}
