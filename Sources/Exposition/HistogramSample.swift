/// What a histogram has counted for one set of labels.
package struct HistogramSample: Sendable {
    /// The labels beside `le`.
    package var labels: LabelSet
    /// The buckets in rising order of their upper bounds, each with the observations at or below its bound.
    ///
    /// The bucket for `+Inf` may be left out: the page gets it from ``count``.
    package var buckets: [(upperBound: Double, cumulativeCount: Int)]
    /// The sum of all observations.
    package var sum: Double
    /// The number of all observations.
    package var count: Int

    /// Creates a histogram's sample.
    package init(labels: LabelSet, buckets: [(upperBound: Double, cumulativeCount: Int)], sum: Double, count: Int) {
        self.labels = labels
        self.buckets = buckets
        self.sum = sum
        self.count = count
    }
}
