import Checks
import Exposition

/// Labels, numbers and histograms of any kind on a page, in both formats: it is read back by the letter of the grammar, and says the same.
@Sendable func fuzzPages(_ input: Input) {
    var cursor = ByteCursor(input.bytes)
    var families: [MetricFamily] = []
    for type in [MetricType.gauge, .histogram, .stateSet] {
        let name = "family_\(families.count)" + (type == .stateSet ? "" : "_bytes")
        var family = MetricFamily(MetricDescriptor(name: letters(name), type: type, help: cursor.text()))
        for _ in 0..<Int(cursor.byte() % 8) {
            let labels = LabelSet([Label(name: "a", value: cursor.text()), Label(name: "b", value: cursor.text())])
            if type == .histogram {
                family.add(histogram(labels, &cursor))
            } else {
                let state = cursor.byte() % 2 == 0 ? nil : LabelSet([Label(name: "state", value: cursor.text())])
                family.add(cursor.double(), labels, state: state)
            }
        }
        families.append(family)
    }
    for format in ExpositionFormat.allCases { check(families, format) }
}

/// The reference parser knows names of letters alone.
private func letters(_ name: String) -> String {
    String(name.map { $0.isNumber ? Character(UnicodeScalar(UInt8(ascii: "a") + UInt8($0.wholeNumberValue ?? 0))) : $0 })
}

private func histogram(_ labels: LabelSet, _ cursor: inout ByteCursor) -> HistogramSample {
    // Rising bounds that are numbers: the caller's part.
    let bounds = Set((0..<cursor.byte() % 5).map { _ in cursor.double() }.filter(\.isFinite)).sorted()
    var count = 0
    let buckets = bounds.map { bound in
        count += Int(cursor.byte())
        return (upperBound: bound, cumulativeCount: count)
    }
    return HistogramSample(labels: labels, buckets: buckets, sum: cursor.double(), count: count)
}

private func check(_ families: [MetricFamily], _ format: ExpositionFormat) {
    var encoder = PageEncoder(format: format)
    for family in families { encoder.encode(family) }
    let page = encoder.finish()
    guard !page.isEmpty else { return }
    PageCheck.check(page, format)
    guard let series = try? ReferenceParser.parse(page) else { fatalError("cannot be parsed") }
    let samples = families.flatMap(\.samples)
    // Of two samples of one series the second is left out, and its value with it.
    for sample in samples where encoder.droppedDuplicates == 0 {
        let value = sample.value == 0 ? 0 : sample.value
        let found = series.values.contains { $0 == value || $0.isNaN && value.isNaN }
        hold(found, "\(value) is not on the page")
    }
    let lines = families.reduce(0) { $0 + $1.samples.count + $1.histograms.reduce(0) { $0 + $1.buckets.count + 3 } }
    hold(series.count <= lines, "\(series.count) series of \(lines) samples")
    hold(encoder.droppedDuplicates > 0 || series.count == lines, "\(series.count) series of \(lines) samples")
}
