import Exposition
import Testing

@Suite("Duplicate series")
struct DuplicateTests {
    @Test("Of two samples with the same labels the first is kept, and the page counts the other")
    func sameLabels() {
        let family = MetricFamily(
            "m",
            .gauge,
            [
                Sample(labels: ["a": "1"], value: 1), Sample(labels: ["a": "2"], value: 2), Sample(labels: ["a": "1"], value: 3),
                Sample(labels: ["a": "1"], value: 4),
            ]
        )
        var encoder = PageEncoder(format: .prometheusText)
        encoder.encode(family)
        #expect(encoder.droppedDuplicates == 2)
        #expect(String(decoding: encoder.finish(), as: UTF8.self).hasSuffix("gauge\nm{a=\"1\"} 1\nm{a=\"2\"} 2\n"))
        #expect(family.duplicates == [#"a="1""#, #"a="1""#])
    }

    @Test("States tell samples with the same labels apart")
    func states() {
        let labels: LabelSet = ["a": "1"]
        var family = MetricFamily(MetricDescriptor(name: "m", type: .stateSet, help: ""))
        family.add(1, labels, state: ["s": "on"])
        family.add(0, labels, state: ["s": "off"])
        #expect(family.duplicates.isEmpty)
        family.add(0, labels, state: ["s": "on"])
        #expect(family.duplicates == [#"a="1",s="on""#])
        #expect(sampleLines([family], .openMetrics) == [#"m{a="1",s="on"} 1"#, #"m{a="1",s="off"} 0"#])
    }

    @Test("An empty state is no state, so it does not hide a duplicate")
    func emptyState() {
        let family = MetricFamily("m", .gauge, [Sample(labels: .empty, value: 1), Sample(labels: .empty, state: .empty, value: 2)])
        #expect(family.duplicates.count == 1)
        #expect(sampleLines([family], .prometheusText) == ["m 1"])
    }

    @Test("The same labels in two families are no duplicates")
    func twoFamilies() {
        let samples = [Sample(labels: ["a": "1"], value: 1), Sample(labels: ["a": "2"], value: 1)]
        #expect(sampleLines([MetricFamily("m", .gauge, samples), MetricFamily("n", .gauge, samples)], .prometheusText).count == 4)
    }

    @Test("Histograms with the same labels are found, too")
    func histograms() {
        var family = MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))
        for count in 1...3 {
            family.add(HistogramSample(labels: ["a": "\(count % 2)"], buckets: [], sum: 0, count: count))
        }
        #expect(family.duplicates == [#"a="1""#])
        #expect(sampleLines([family], .prometheusText).count == 6)
    }

    @Test("Ten thousand different samples all stay, and ten thousand equal ones become one")
    func many() {
        let different = MetricFamily("m", .gauge, (0..<10_000).map { Sample(labels: ["a": "\($0)"], value: 1) })
        #expect(sampleLines([different], .prometheusText).count == 10_000)
        let equal = MetricFamily("m", .gauge, (0..<10_000).map { _ in Sample(labels: ["a": "1"], value: 1) })
        #expect(sampleLines([equal], .prometheusText).count == 1)
    }
}
