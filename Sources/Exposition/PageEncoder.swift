/// Writes families into one page.
///
/// A family must be encoded whole and once: both formats want all samples of a name in one block.
///
/// Pages of large clusters have tens of thousands of samples and are rendered at every scrape, so the encoder does per sample only what cannot
/// be done before: copy three prerendered pieces and write a number, into memory made available once for each family.
package struct PageEncoder {
    private let format: ExpositionFormat
    private var page: [UInt8] = []
    private var filter = DuplicateFilter()
    /// How many samples were left out because their series stood on the page already.
    ///
    /// Prometheus rejects a page with one duplicate as a whole, so the first of them is kept; whoever sees a number here has a bug to find.
    package private(set) var droppedDuplicates = 0

    /// Starts a page. The capacity is what the page will probably need, so that it need not move while it grows.
    package init(format: ExpositionFormat, reservingCapacity capacity: Int = 0) {
        self.format = format
        page.reserveCapacity(capacity)
    }

    /// Appends a family; one without samples renders nothing.
    package mutating func encode(_ family: borrowing MetricFamily) {
        guard !family.isEmpty else { return }
        page += family.descriptor.rendered.header(in: format)
        if family.descriptor.type == .histogram {
            appendHistograms(family.histograms, name: family.descriptor.name)
        } else {
            appendSamples(family.samples, name: family.descriptor.rendered.name)
        }
    }

    /// Ends the page and returns it.
    package mutating func finish() -> [UInt8] {
        if format == .openMetrics { page += "# EOF\n".utf8 }
        defer { page = [] }
        return page
    }

    private mutating func appendSamples(_ samples: [Sample], name: [UInt8]) {
        let bound = samples.reduce(0) { $0 + LineWriter.bound(name: name, labels: $1.labels, extra: $1.state) }
        filter.reset(expecting: samples.count)
        var dropped = 0
        page.append(atMost: bound) { writer in
            for index in samples.indices {
                guard filter.admits(index, of: samples) else {
                    dropped += 1
                    continue
                }
                writer.write(name: name, labels: samples[index].labels, extra: samples[index].state, value: samples[index].value)
            }
        }
        droppedDuplicates += dropped
    }

    private mutating func appendHistograms(_ histograms: [HistogramSample], name: String) {
        var renderer = HistogramRenderer(name: name, format: format)
        filter.reset(expecting: histograms.count)
        for index in histograms.indices {
            guard filter.admits(index, of: histograms) else {
                droppedDuplicates += 1
                continue
            }
            renderer.append(histograms[index], to: &page)
        }
    }
}
