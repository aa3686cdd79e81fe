/// Renders the samples of one histogram.
struct HistogramRenderer {
    private let bucketName: [UInt8]
    private let sumName: [UInt8]
    private let countName: [UInt8]
    private let format: ExpositionFormat
    /// All samples of a histogram usually have the same bounds, and rendering one costs more than finding it here.
    private var bounds: [Double: LabelSet] = [:]

    init(name: String, format: ExpositionFormat) {
        self.bucketName = Array("\(name)_bucket".utf8)
        self.sumName = Array("\(name)_sum".utf8)
        self.countName = Array("\(name)_count".utf8)
        self.format = format
    }

    mutating func append(_ histogram: HistogramSample, to page: inout [UInt8]) {
        // The last bucket is always made of the count: the formats demand it, and that the two are equal.
        var lines = histogram.buckets.filter { $0.upperBound.isFinite }.map { bucket in
            (name: bucketName, extra: bound(bucket.upperBound), value: Double(bucket.cumulativeCount))
        }
        lines.append((bucketName, bound(.infinity), Double(histogram.count)))
        lines.append((sumName, .empty, histogram.sum))
        lines.append((countName, .empty, Double(histogram.count)))
        let size = lines.reduce(0) { $0 + LineWriter.bound(name: $1.name, labels: histogram.labels, extra: $1.extra) }
        page.append(atMost: size) { writer in
            for line in lines {
                writer.write(name: line.name, labels: histogram.labels, extra: line.extra, value: line.value)
            }
        }
    }

    private mutating func bound(_ value: Double) -> LabelSet {
        if let known = bounds[value] { return known }
        let rendered = LabelSet([Label(name: "le", value: BucketBound.render(value, in: format))])
        bounds[value] = rendered
        return rendered
    }
}
