/// Finds the samples of a family whose labels were there before.
///
/// A hash table of positions, and not a `Set` of labels: it holds no references, is used again for each family, and with the hash that each
/// ``LabelSet`` carries an addition costs nanoseconds. Equal hashes are only a hint: the labels themselves decide, so no sample is lost to a
/// collision.
struct DuplicateFilter {
    /// A position plus one; zero is a free slot. Its size is a power of two, and at least twice the number of samples.
    private var slots: [Int32] = []

    /// Forgets all samples and makes room for new ones.
    mutating func reset(expecting count: Int) {
        // One sample has no duplicate.
        guard count > 1 else { return slots.removeAll(keepingCapacity: true) }
        let size = 1 << (Int.bitWidth - (2 * count - 1).leadingZeroBitCount)
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(0, count: size))
    }

    /// Whether the sample at `index` is the first with its labels among those asked for since the reset.
    mutating func admits<Element: SeriesIdentity>(_ index: Int, of samples: [Element]) -> Bool {
        guard !slots.isEmpty else { return true }
        let mask = slots.count - 1
        var slot = samples[index].seriesHash & mask
        while slots[slot] != 0 {
            if samples[index].isSameSeries(as: samples[Int(slots[slot]) - 1]) { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = Int32(truncatingIfNeeded: index + 1)
        return true
    }
}

/// What tells a sample from its siblings.
protocol SeriesIdentity {
    var seriesHash: Int { get }
    func isSameSeries(as other: Self) -> Bool
}

extension Sample: SeriesIdentity {
    var seriesHash: Int {
        // Multiplied, as a sum would be the same for labels and state exchanged. An empty state is no state.
        guard let state, !state.isEmpty else { return labels.hash }
        return labels.hash ^ (state.hash &* 31)
    }

    func isSameSeries(as other: Sample) -> Bool {
        labels == other.labels && (state ?? .empty) == (other.state ?? .empty)
    }
}

extension HistogramSample: SeriesIdentity {
    var seriesHash: Int { labels.hash }

    func isSameSeries(as other: HistogramSample) -> Bool { labels == other.labels }
}
