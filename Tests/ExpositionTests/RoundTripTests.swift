import Exposition
import Testing

@Suite("Pages read back")
struct RoundTripTests {
    private static let pieces = [
        "\\", "\"", "\n", "n", "\\n", "\r", "\r\n", "\0", "\t", ",", "=", "{", "}", " ", "#", "# EOF", "a", "le", "é", "e\u{301}", "\u{2028}",
        "\u{FEFF}",
        "\u{85}", "\u{7F}", "\u{1B}[0m", "👩‍👩‍👧‍👦", "\u{10FFFF}", "\u{FFFD}", String(repeating: "🐘", count: 15) + "abc",
    ]

    private static let seeds: [UInt64] = Array(1...8)

    @Test("Whatever the names are, every series comes back with its labels and its value", arguments: ExpositionFormat.allCases, seeds)
    func labels(format: ExpositionFormat, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var expected: [ReferenceParser.Series: Double] = [:]
        var family = MetricFamily(MetricDescriptor(name: "m", type: .gauge, help: Self.text(using: &generator)))
        for _ in 0..<300 {
            let first = Self.text(using: &generator)
            let second = Self.text(using: &generator)
            let state: LabelSet? = Bool.random(using: &generator) ? ["state": "on"] : nil
            let value = Double.random(in: -1e6...1e6, using: &generator)
            var labels = ["target": Array(first.utf8), "slot_name": Array(second.utf8)]
            if state != nil { labels["state"] = Array("on".utf8) }
            // Short texts do come up twice, and then the first sample is the one that counts.
            let series = ReferenceParser.Series(name: "m", labels: labels)
            if expected[series] == nil { expected[series] = value }
            family.add(value, LabelSet([Label(name: "target", value: first)]).appending(Label(name: "slot_name", value: second)), state: state)
        }
        var encoder = PageEncoder(format: format)
        encoder.encode(family)
        #expect(encoder.droppedDuplicates == family.samples.count - expected.count)
        #expect(try ReferenceParser.parse(encoder.finish()) == expected)
    }

    private static func text(using generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }
}
