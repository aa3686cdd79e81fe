package import Exposition
package import ReplicationModel

/// One row of the catalogue: what a metric is called and means, where it comes from, and how it is read off a report.
///
/// The name and the value stand together, so a metric that is not in the table cannot be emitted.
package struct Metric: Sendable {
    package let descriptor: MetricDescriptor
    /// Labels beside `target` and the target's constant labels, in the order in which they are rendered.
    package let labels: [String]
    /// The PostgreSQL view, function or column; or what the exporter measures itself.
    package let source: String
    package let availability: Availability
    let emission: Emission

    /// Whether it is about the exporter itself, so that it stands on `/metrics` alone and has no target.
    package var isOfExporter: Bool {
        if case .perExporter = emission { true } else { false }
    }

    enum Emission: Sendable {
        case perTarget(@Sendable (TargetView, inout MetricFamily) -> Void)
        case perCluster(@Sendable (PatroniCluster, inout MetricFamily) -> Void)
        case perExporter(@Sendable (ExporterReport, [TargetView], inout MetricFamily) -> Void)
    }

    /// Which servers can give the metric. Elsewhere it is absent, never 0.
    package struct Availability: Sendable, Hashable {
        /// First major version.
        package var since: Int
        /// nil: both.
        package var role: ServerRole?
        /// What else must be so, for people: "while a base backup runs". nil: nothing.
        package var condition: String?

        /// - Parameters:
        ///   - since: first major version of PostgreSQL.
        ///   - role: nil for both roles.
        ///   - condition: what else must be so; nil when every such server gives it.
        package static func from(_ since: Int = 13, _ role: ServerRole? = nil, when condition: String? = nil) -> Availability {
            Availability(since: since, role: role, condition: condition)
        }
    }
}

extension Metric {
    /// A number of each subject.
    static func number<Subject, Value: SampleValue>(
        _ name: String,
        _ type: MetricType = .gauge,
        of subjects: Subjects<Subject>,
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ value: @escaping @Sendable (Subject) -> Value?
    ) -> Metric {
        make(name, type, labels: subjects.labels, help, source: source, availability) { view, family in
            subjects.visit(view) { subject, labels in
                if let value = value(subject) { family.add(value.sample, labels) }
            }
        }
    }

    /// A state set of each subject: one series a state, 1 for the present one. A subject without a state has no series.
    static func states<Subject>(
        _ name: String,
        of subjects: Subjects<Subject>,
        _ label: String,
        _ states: [String],
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ state: @escaping @Sendable (Subject) -> String?
    ) -> Metric {
        let rendered = states.map { (name: $0, labels: LabelSet([Label(name: label, value: $0)])) }
        return make(name, .stateSet, labels: subjects.labels + [label], help, source: source, availability) { view, family in
            subjects.visit(view) { subject, labels in
                guard let state = state(subject) else { return }
                for candidate in rendered {
                    family.add(candidate.name == state ? 1 : 0, labels, state: candidate.labels)
                }
            }
        }
    }

    /// Numbers of each subject told apart by one more label.
    static func numbers<Subject, Value: SampleValue>(
        _ name: String,
        _ type: MetricType = .gauge,
        of subjects: Subjects<Subject>,
        by label: String,
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ values: @escaping @Sendable (Subject) -> [(String, Value)]
    ) -> Metric {
        pairs(name, type, of: subjects, by: [label], help, source: source, availability) { values($0).map { ([$0.0], $0.1) } }
    }

    /// Numbers of each subject told apart by more labels.
    static func pairs<Subject, Value: SampleValue>(
        _ name: String,
        _ type: MetricType = .gauge,
        of subjects: Subjects<Subject>,
        by labels: [String],
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ values: @escaping @Sendable (Subject) -> [([String], Value)]
    ) -> Metric {
        make(name, type, labels: subjects.labels + labels, help, source: source, availability) { view, family in
            var rendered = RenderedLabels(labels)
            subjects.visit(view) { subject, subjectLabels in
                for (keys, value) in values(subject) { family.add(value.sample, subjectLabels, state: rendered[keys]) }
            }
        }
    }

    /// A histogram of each of the things that `values` names by their labels.
    static func histogram(
        _ name: String,
        labels: [String],
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ values: @escaping @Sendable (TargetView) -> [(LabelSet, SampledHistogram.Snapshot)]
    ) -> Metric {
        make(name, .histogram, labels: labels, help, source: source, availability) { view, family in
            for (labels, histogram) in values(view) {
                let buckets = histogram.buckets.map { (upperBound: $0.upperBound, cumulativeCount: $0.cumulativeCount) }
                family.add(HistogramSample(labels: labels, buckets: buckets, sum: histogram.sum, count: histogram.count))
            }
        }
    }

    /// What is true of each subject, as labels of a series that is always 1.
    static func info<Subject>(
        _ name: String,
        of subjects: Subjects<Subject>,
        _ labels: [String],
        _ help: String,
        source: String,
        _ availability: Availability = .from(),
        _ values: @escaping @Sendable (Subject) -> [String]?
    ) -> Metric {
        make(name, .info, labels: subjects.labels + labels, help, source: source, availability) { view, family in
            var rendered = RenderedLabels(labels)
            subjects.visit(view) { subject, subjectLabels in
                if let values = values(subject) { family.add(1, subjectLabels, state: rendered[values]) }
            }
        }
    }

    /// What is told of a Patroni cluster. Its first label is `cluster`.
    static func cluster(
        _ name: String,
        labels: [String],
        _ help: String,
        source: String,
        _ availability: Availability,
        _ emit: @escaping @Sendable (PatroniCluster, inout MetricFamily) -> Void
    ) -> Metric {
        let name = "pgwal_" + name
        return Metric(
            descriptor: MetricDescriptor(name: name, type: .gauge, unit: unit(of: name), help: "\(help) [\(source)]"),
            labels: ["cluster"] + labels,
            source: source,
            availability: availability,
            emission: .perCluster(emit)
        )
    }

    /// A number of the exporter itself, without a target. The name is whole: it may be of the customary `process_` family.
    static func exporter<Value: SampleValue>(
        _ name: String,
        _ type: MetricType = .gauge,
        _ help: String,
        source: String,
        _ value: @escaping @Sendable (ExporterReport) -> Value?
    ) -> Metric {
        Metric(
            descriptor: MetricDescriptor(name: name, type: type, unit: unit(of: name), help: help),
            labels: [],
            source: source,
            availability: .from(),
            emission: .perExporter { report, _, family in
                if let value = value(report) { family.add(value.sample, .empty) }
            }
        )
    }

    private static func make(
        _ name: String,
        _ type: MetricType,
        labels: [String],
        _ help: String,
        source: String,
        _ availability: Availability,
        _ emit: @escaping @Sendable (TargetView, inout MetricFamily) -> Void
    ) -> Metric {
        let name = "pgwal_" + name
        return Metric(
            descriptor: MetricDescriptor(name: name, type: type, unit: unit(of: name), help: "\(help) [\(source)]"),
            labels: labels,
            source: source,
            availability: availability,
            emission: .perTarget(emit)
        )
    }

    /// The base unit that the name ends with, counters' `_total` aside.
    private static func unit(of name: String) -> MetricUnit? {
        let stem = name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
        if stem.hasSuffix("_bytes") { return .bytes }
        if stem.hasSuffix("_seconds") { return .seconds }
        return nil
    }
}

/// Labels that a thousand subjects share in a few combinations: each is rendered once for a family.
private struct RenderedLabels {
    private let names: [String]
    private var known: [[String]: LabelSet] = [:]

    init(_ names: [String]) {
        self.names = names
    }

    subscript(values: [String]) -> LabelSet {
        mutating get {
            if let labels = known[values] { return labels }
            let labels = LabelSet(zip(names, values).map { Label(name: $0, value: $1) })
            known[values] = labels
            return labels
        }
    }
}

/// What a metric's closure may return.
protocol SampleValue: SendableMetatype {
    var sample: Double { get }
}

extension Double: SampleValue {
    var sample: Double { self }
}

extension Int64: SampleValue {
    var sample: Double { Double(self) }
}

extension Int: SampleValue {
    var sample: Double { Double(self) }
}

extension Bool: SampleValue {
    var sample: Double { self ? 1 : 0 }
}

extension LSN: SampleValue {
    var sample: Double { Double(bytes) }
}
