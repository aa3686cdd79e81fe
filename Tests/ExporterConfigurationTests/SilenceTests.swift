import Testing

@testable import ExporterConfiguration

/// What somebody knows of, or means, until some time.
struct SilenceTests {
    private static let file = "targets: [{name: a, dsn: ''}]\npatroni: [{name: orders, urls: ['http://h:8008'], dsn: ''}]\nsilence: [{%}]\n"

    @Test func `a silence names a finding, where it is meant, an end and a reason`() throws {
        let text = "finding: slot_lost, target: orders/pg1, slot: warehouse, until: 2027-01-31T18:00:00Z, reason: 'rebuilt next week, #4711'"
        let configuration = try ConfigurationLoader.test.parse(Self.file.replacing("%", with: text))
        let expected = SilenceConfiguration(
            finding: "slot_lost",
            target: "orders/pg1",
            slot: "warehouse",
            until: 1_801_418_400,
            reason: "rebuilt next week, #4711"
        )
        #expect(configuration.silences == [expected])
        // And the effective configuration can be read back.
        let rendered = configuration.yaml { $0 }
        #expect(rendered.contains("until: \"2027-01-31T18:00:00Z\"\n"))
        #expect(try ConfigurationLoader.test.parse(rendered).silences == [expected])
    }

    @Test(arguments: [
        (
            "finding: slot_lots, until: 2027-01-31, reason: x",
            "finding: unknown finding; known: slot_inactive, slot_lost, two_primaries; did you mean 'slot_lost'?"
        ),
        ("finding: slot_lost, reason: x", ": the key 'until' is missing; a silence without an end is forgotten"),
        ("finding: slot_lost, until: 2027-01-31", ": the key 'reason' is missing; who reads it later wants to know why"),
        ("finding: slot_lost, until: 2027-01-31, reason: ''", "reason: must not be empty"),
        ("finding: slot_lost, target: b, until: 2027-01-31, reason: x", "target: no such target, nor CLUSTER/MEMBER of a cluster under patroni"),
        (
            "finding: slot_lost, target: stock/b, until: 2027-01-31, reason: x",
            "target: no such target, nor CLUSTER/MEMBER of a cluster under patroni"
        ),
        ("finding: slot_lost, slot: A, until: 2027-01-31, reason: x", "slot: not a slot name; 1 to 63 lower-case letters, digits and _ are allowed"),
        ("code: slot_lost, finding: slot_lost, until: 2027-01-31, reason: x", "code: unknown key; known: finding, reason, slot, target, until"),
    ])
    func `mistakes`(text: String, message: String) throws {
        let lines = errors(in: Self.file.replacing("%", with: text))
        try #require(lines.count == 1)
        #expect(lines[0].hasSuffix(message.hasPrefix(":") ? "silence[0]\(message)" : "silence[0].\(message)"))
    }

    @Test(arguments: [
        "soon", "2027-02-29", "2027-13-01", "2027-1-1", "2027-01-31 18:00:00", "2027-01-31T24:00:00Z", "2027-01-31T18:00:00+01:00", "1h",
        "0000-01-01",
    ])
    func `a time is a date or a time in UTC`(text: String) throws {
        let lines = errors(in: Self.file.replacing("%", with: "finding: slot_lost, until: '\(text)', reason: x"))
        try #require(lines.count == 1)
        #expect(lines[0].hasSuffix("expected a date or a time in UTC, such as 2027-01-31 (to the end of that day) or 2027-01-31T18:00:00Z"))
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 86_400), ("2024-02-29T23:59:59Z", 1_709_251_199), ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("2026-12-31", 1_798_761_600), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)]
    )
    func `times are told as they were meant`(text: String, unix: Int64) {
        #expect(UTCTime.parse(text) == unix)
        #expect(UTCTime.parse(UTCTime.format(unix)) == unix)
    }

    @Test func `a detached target and a delay`() throws {
        let configuration = try ConfigurationLoader.test.parse("targets: [{name: a, dsn: '', expect: {detached: true, delay: 30m}}]")
        #expect(configuration.targets[0].expectations.isDetached)
        #expect(configuration.targets[0].expectations.delay == .seconds(1800))
        #expect(try ConfigurationLoader.test.parse(configuration.yaml { $0 }).targets == configuration.targets)
    }
}
