/// A metric with all its samples: one block of a page.
package struct MetricFamily: Sendable {
    /// What the block announces.
    package let descriptor: MetricDescriptor
    /// The samples, in the order in which they are to be rendered. Those of a histogram are in ``histograms``.
    package var samples: [Sample] = []
    /// The samples of a histogram; empty for every other type.
    package var histograms: [HistogramSample] = []

    /// Creates a family without samples. As it is, it renders nothing.
    package init(_ descriptor: MetricDescriptor) {
        self.descriptor = descriptor
    }

    /// Whether there is nothing to render.
    package var isEmpty: Bool { descriptor.type == .histogram ? histograms.isEmpty : samples.isEmpty }

    /// Adds a number.
    package mutating func add(_ value: Double, _ labels: LabelSet, state: LabelSet? = nil) {
        samples.append(Sample(labels: labels, state: state, value: value))
    }

    /// Adds what a histogram has counted.
    package mutating func add(_ histogram: HistogramSample) {
        histograms.append(histogram)
    }
}
