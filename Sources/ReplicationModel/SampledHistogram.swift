/// Counts observations that the exporter makes itself, at a steady interval: the share of time in which a value was within a bound.
package struct SampledHistogram: Sendable, Hashable, Codable {
    /// Seconds of replication lag that objectives are set at: from what a synchronous standby may take to what a delayed one does.
    package static let lagBounds: [Double] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]

    private let bounds: [Double]
    /// How many observations each bucket has of its own, and at the end those above all bounds.
    private var counts: [Int]
    private var sum = 0.0

    /// - Parameter bounds: upper bounds of the buckets, without infinity. Brought into order here, each once.
    package init(bounds: [Double] = Self.lagBounds) {
        self.bounds = Set(bounds.filter(\.isFinite)).sorted()
        counts = Array(repeating: 0, count: self.bounds.count + 1)
    }

    /// Counts `value`; one that is no number or infinite is left out, because it would spoil the sum for ever.
    package mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// Whether another one counts in the same buckets.
    package func isComparable(to other: SampledHistogram) -> Bool {
        bounds == other.bounds && counts.count == other.counts.count && counts.allSatisfy { $0 >= 0 && $0 < 1 << 53 } && sum.isFinite
    }

    /// What a page shows.
    package struct Snapshot: Sendable, Hashable {
        /// In rising order, without that for infinity: it is `count`.
        package let buckets: [Bucket]
        package let sum: Double
        package let count: Int

        /// The observations at or below a bound.
        package struct Bucket: Sendable, Hashable {
            package let upperBound: Double
            package let cumulativeCount: Int
        }
    }

    /// The counts so far.
    package var snapshot: Snapshot {
        var total = 0
        let buckets = zip(bounds, counts).map { bound, count in
            total += count
            return Snapshot.Bucket(upperBound: bound, cumulativeCount: total)
        }
        return Snapshot(buckets: buckets, sum: sum, count: counts.reduce(0, +))
    }
}
