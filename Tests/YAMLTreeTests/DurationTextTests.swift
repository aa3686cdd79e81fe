import Testing

@testable import YAMLTree

struct DurationTextTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("1m30s", .seconds(90)), ("2h", .seconds(7200)), ("1d", .seconds(86_400)),
        ("2w1d", .seconds(15 * 86_400)), ("1h1ms", .milliseconds(3_600_001)), ("0s", .zero), ("0", .zero), ("007s", .seconds(7)),
        ("142857142w", .seconds(142_857_142 * 604_800)),
    ])
    func `durations have units`(text: String, duration: Duration) throws {
        #expect(try DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", " ", "s", "5 s", "5S", "1s1m", "1s1s", "1.5s", "-5s", "+5s", "5sec", "1m30", "1000000000s", "٥s", "5µs", "5s ", "1e3s", "ms5",
        "999999999w", "142857142w6d",
    ])
    func `other texts are refused`(text: String) {
        #expect(throws: DurationText.Failure(message: "expected a duration such as 500ms, 5s, 1m30s or 2h")) {
            try DurationText.parse(text)
        }
    }

    @Test(arguments: ["5", "1.5", "00"])
    func `a bare number is told that it has no unit`(text: String) {
        #expect(throws: DurationText.Failure(message: "expected a duration such as 500ms, 5s, 1m30s or 2h; the number \(text) has no unit")) {
            try DurationText.parse(text)
        }
    }

    @Test(arguments: ["0s", "1ms", "500ms", "5s", "1m30s", "2h", "1d", "15d", "1d1h1m1s1ms", "999999999d23h59m59s999ms"])
    func `what is written is what was read`(text: String) throws {
        #expect(DurationText.format(try DurationText.parse(text)) == text)
    }
}
