extension MetricFamily {
    /// The labels of every sample that has the labels of one before it. Empty, unless something is wrong.
    ///
    /// Encoding drops such samples; this is for tests that want to know whose they were.
    package var duplicates: [String] {
        var filter = DuplicateFilter()
        filter.reset(expecting: samples.count)
        let numbers = samples.indices.filter { !filter.admits($0, of: samples) }.map { index in
            let state = samples[index].state ?? .empty
            return samples[index].labels.description + (state.isEmpty ? "" : ",\(state)")
        }
        filter.reset(expecting: histograms.count)
        return numbers + histograms.indices.filter { !filter.admits($0, of: histograms) }.map { histograms[$0].labels.description }
    }
}
