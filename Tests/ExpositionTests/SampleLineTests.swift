import Exposition
import Testing

@Suite("Lines of samples")
struct SampleLineTests {
    @Test(
        "Labels and state are joined as the grammar wants it",
        arguments: [
            (LabelSet.empty, nil, "m 1"),
            (.empty, .empty, "m 1"),
            (["a": "1"], nil, #"m{a="1"} 1"#),
            (["a": "1"], .empty, #"m{a="1"} 1"#),
            (.empty, ["s": "2"], #"m{s="2"} 1"#),
            (["a": "1"], ["s": "2"], #"m{a="1",s="2"} 1"#),
        ] as [(LabelSet, LabelSet?, String)]
    )
    func labels(labels: LabelSet, state: LabelSet?, line: String) {
        var family = MetricFamily(MetricDescriptor(name: "m", type: .gauge, help: ""))
        family.add(1, labels, state: state)
        #expect(sampleLines([family], .prometheusText) == [line])
        #expect(sampleLines([family], .openMetrics) == [line])
    }

    @Test(
        "A number is rendered in its shortest exact form",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (4096, "4096"),
            (1_795_449_600, "1795449600"), (0x1p53 - 1, "9007199254740991"), (-(0x1p53 - 1), "-9007199254740991"),
            (0x1p53, "9007199254740992.0"), (1e15, "1000000000000000"), (1e16, "1e+16"), (0x1p63, "9.223372036854776e+18"),
            (0.1, "0.1"), (-0.5, "-0.5"), (1.5, "1.5"), (0.1 + 0.2, "0.30000000000000004"), (1_795_449_600.125731, "1795449600.125731"),
            (1e-7, "1e-07"), (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
            (-.leastNormalMagnitude, "-2.2250738585072014e-308"),
            (.nan, "NaN"), (-.nan, "NaN"), (.signalingNaN, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, rendered: String) {
        let family = MetricFamily("m", .gauge, [Sample(labels: .empty, value: value)])
        #expect(sampleLines([family], .prometheusText) == ["m \(rendered)"])
        #expect(sampleLines([family], .openMetrics) == ["m \(rendered)"])
    }

    @Test("Every power of two and ten and its neighbours read back as the same number")
    func numbersReadBack() throws {
        var values = (0..<1024).map { Double(sign: .plus, exponent: $0 - 512, significand: 1) }
        values += (0..<19).map { index in (0..<index).reduce(1.0) { power, _ in power * 10 } }
        values += values.flatMap { [$0.nextUp, $0.nextDown, -$0, $0 + 1, $0 - 1] }
        let family = MetricFamily("m", .gauge, values.enumerated().map { Sample(labels: ["i": "\($0)"], value: $1) })
        let lines = sampleLines([family], .prometheusText)
        #expect(lines.count == values.count)
        for (line, value) in zip(lines, values) {
            #expect(Double(try #require(line.split(separator: " ").last)) == value)
        }
    }
}
