import ReplicationModel
import Testing

struct SampledHistogramTests {
    @Test("Buckets count what is at or below their bound, each with all that is in those before")
    func cumulative() {
        var histogram = SampledHistogram(bounds: [0.5, 1, 10])
        for value in [0, 0.5, 0.50001, 1, 3, 10, 11, 1_000] { histogram.observe(value) }
        let snapshot = histogram.snapshot
        #expect(snapshot.buckets.map(\.upperBound) == [0.5, 1, 10])
        #expect(snapshot.buckets.map(\.cumulativeCount) == [2, 4, 6])
        #expect(snapshot.count == 8)
        #expect(snapshot.sum == 1_026.00001)
    }

    @Test("Before the first observation all buckets are there, with 0")
    func empty() {
        let snapshot = SampledHistogram().snapshot
        #expect(snapshot.buckets.map(\.upperBound) == [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600])
        #expect(snapshot.buckets.allSatisfy { $0.cumulativeCount == 0 })
        #expect(snapshot.count == 0)
        #expect(snapshot.sum == 0)
    }

    @Test("What is no number or infinite is not counted: the sum would never recover", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        var histogram = SampledHistogram()
        histogram.observe(2)
        histogram.observe(value)
        #expect(histogram.snapshot.count == 1)
        #expect(histogram.snapshot.sum == 2)
    }

    @Test("Bounds are put in order, each once, and infinity is no bound")
    func bounds() {
        var histogram = SampledHistogram(bounds: [5, 1, .infinity, 5, .nan, 0.25])
        histogram.observe(0.3)
        #expect(histogram.snapshot.buckets.map(\.upperBound) == [0.25, 1, 5])
        #expect(histogram.snapshot.buckets.map(\.cumulativeCount) == [0, 1, 1])
    }

    @Test("A share of time within an objective is a bucket by the count")
    func objective() {
        var histogram = SampledHistogram()
        for second in 0..<1_000 { histogram.observe(second < 990 ? 0.3 : 45) }
        let snapshot = histogram.snapshot
        #expect(snapshot.buckets.first { $0.upperBound == 10 }?.cumulativeCount == 990)
        #expect(snapshot.count == 1_000)
    }
}
