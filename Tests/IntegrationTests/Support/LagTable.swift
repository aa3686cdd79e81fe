import Testing

/// The measured truth table, as Markdown.
struct LagTable {
    /// How far a number may be from the truth, in seconds, beyond what the measurement itself took.
    private static let allowed = 1.0
    private var lines: [String] = []
    private var worst = 0.0

    /// A line: one metric of a standby in one situation.
    ///
    /// - Parameter isKnown: whether the metric must tell the lag; if not, it must be absent.
    mutating func add(
        _ situation: String,
        _ metric: String,
        _ samples: [LagSample],
        of standby: String,
        isKnown: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation,
        value: (Page) throws -> Double?
    ) throws {
        let classic = samples.compactMap { $0.classic[standby] }
        let truth = { (sample: LagSample) in sample.truth[standby] }
        let what = classic.isEmpty ? "NULL" : Self.range(classic)
        guard isKnown else {
            let found = try samples.compactMap { try value($0.page) }
            #expect(!samples.isEmpty && found.isEmpty, "\(situation): \(metric) must be absent: \(found)", sourceLocation: sourceLocation)
            let truths = samples.compactMap(truth)
            lines.append("| \(situation) | `\(metric)` | \(Self.middles(truths)) | absent | | \(what) |")
            return
        }
        try add(situation, metric, samples, classic: what, sourceLocation: sourceLocation, truth: truth, value: value)
    }

    /// A line: one metric in one situation, of which the truth is told apart.
    mutating func add(
        _ situation: String,
        _ metric: String,
        _ samples: [LagSample],
        classic: String = "",
        sourceLocation: SourceLocation = #_sourceLocation,
        truth: (LagSample) -> ClosedRange<Double>?,
        value: (Page) throws -> Double?
    ) throws {
        var deviation = 0.0
        var worstOfAll = ""
        var values: [Double] = []
        var truths: [ClosedRange<Double>] = []
        for sample in samples {
            let truth = try #require(truth(sample), "\(situation): nothing to compare with", sourceLocation: sourceLocation)
            let value = try #require(try value(sample.page), "\(situation): \(metric) is absent", sourceLocation: sourceLocation)
            let away = LagSample.deviation(of: value, from: truth)
            if away > deviation { (deviation, worstOfAll) = (away, "\(value), and the truth is \(truth)") }
            values.append(value)
            truths.append(truth)
        }
        #expect(deviation <= Self.allowed, "\(situation): \(metric) says \(worstOfAll)", sourceLocation: sourceLocation)
        #expect(!samples.isEmpty, "\(situation): no samples", sourceLocation: sourceLocation)
        worst = max(worst, deviation)
        let (truth, value) = (Self.middles(truths), Self.range(values))
        lines.append("| \(situation) | `\(metric)` | \(truth) | \(value) | \(Self.number(deviation, digits: 2)) | \(classic) |")
    }

    func markdown(_ title: String) -> String {
        """
        \(title) wrong by \(Self.number(worst, digits: 2)) s at worst

        | situation | metric | truth | exporter | worst deviation | classic query |
        |---|---|---|---|---|---|
        \(lines.joined(separator: "\n"))

        """
    }

    private static func middles(_ ranges: [ClosedRange<Double>]) -> String {
        range(ranges.map { ($0.lowerBound + $0.upperBound) / 2 })
    }

    private static func range(_ values: [Double]) -> String {
        let (least, most) = (number(values.min() ?? 0), number(values.max() ?? 0))
        return least == most ? least : "\(least) … \(most)"
    }

    private static func number(_ value: Double, digits: Int = 1) -> String {
        let scale = digits == 1 ? 10.0 : 100.0
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
