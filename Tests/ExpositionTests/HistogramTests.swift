import Exposition
import Testing

@Suite("Histograms")
struct HistogramTests {
    /// The examples of "Considerations: Canonical Numbers" in OpenMetrics 1.0, and some from Go.
    @Test(
        "A bound has one canonical rendering in each format",
        arguments: [
            (0, "0", "0.0"), (0.001, "0.001", "0.001"), (0.002, "0.002", "0.002"), (0.01, "0.01", "0.01"), (0.1, "0.1", "0.1"),
            (0.9, "0.9", "0.9"), (0.95, "0.95", "0.95"), (0.99, "0.99", "0.99"), (0.999, "0.999", "0.999"), (1, "1", "1.0"),
            (1.7, "1.7", "1.7"), (10, "10", "10.0"), (1e-10, "1e-10", "1e-10"), (1e-9, "1e-09", "1e-09"), (1e-5, "1e-05", "1e-05"),
            (0.0001, "0.0001", "0.0001"), (100_000, "100000", "100000.0"), (1e6, "1e+06", "1e+06"), (1e10, "1e+10", "1e+10"),
            (123_456.75, "123456.75", "123456.75"), (1_234_567, "1.234567e+06", "1.234567e+06"), (3600, "3600", "3600.0"),
            (1e100, "1e+100", "1e+100"), (1.5e-7, "1.5e-07", "1.5e-07"), (-2.5, "-2.5", "-2.5"), (-1, "-1", "-1.0"),
        ] as [(Double, String, String)]
    )
    func bounds(bound: Double, text: String, openMetrics: String) {
        var family = MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))
        family.add(HistogramSample(labels: .empty, buckets: [(bound, 1)], sum: 1, count: 1))
        #expect(sampleLines([family], .prometheusText).first == "h_bucket{le=\"\(text)\"} 1")
        #expect(sampleLines([family], .openMetrics).first == "h_bucket{le=\"\(openMetrics)\"} 1")
    }

    @Test("The last bucket is there once and equals the count, whether the caller gave it or not")
    func lastBucket() {
        var given = MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))
        given.add(HistogramSample(labels: .empty, buckets: [(1, 1), (.infinity, 2)], sum: 3, count: 3))
        var omitted = MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))
        omitted.add(HistogramSample(labels: .empty, buckets: [(1, 1)], sum: 3, count: 3))
        let lines = [#"h_bucket{le="1"} 1"#, #"h_bucket{le="+Inf"} 3"#, "h_sum 3", "h_count 3"]
        #expect(sampleLines([given], .prometheusText) == lines)
        #expect(sampleLines([omitted], .prometheusText) == lines)
    }

    @Test("Samples of the wrong kind for the family's type render nothing, not even a header")
    func wrongKind() {
        var gauge = MetricFamily(MetricDescriptor(name: "g", type: .gauge, help: ""))
        gauge.add(HistogramSample(labels: .empty, buckets: [], sum: 0, count: 0))
        var histogram = MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))
        histogram.add(1, .empty)
        #expect(page([gauge, histogram], .prometheusText).isEmpty)
    }

    @Test("A histogram without samples renders nothing")
    func noSamples() {
        #expect(page([MetricFamily(MetricDescriptor(name: "h", type: .histogram, help: ""))], .prometheusText).isEmpty)
    }
}
