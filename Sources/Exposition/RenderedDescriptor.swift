/// What every page repeats of a descriptor, rendered once.
struct RenderedDescriptor: Sendable, Hashable {
    /// The name that the samples carry.
    private(set) var name: [UInt8] = []
    private var prometheusText: [UInt8] = []
    private var openMetrics: [UInt8] = []

    init() {}

    init(of descriptor: MetricDescriptor) {
        name = Array(descriptor.name.utf8)
        // The order in which Prometheus' own libraries write them.
        prometheusText = Self.help(of: descriptor, in: .prometheusText) + Self.type(of: descriptor, in: .prometheusText)
        // The order of the specification's examples.
        openMetrics = Self.type(of: descriptor, in: .openMetrics) + Self.unit(of: descriptor) + Self.help(of: descriptor, in: .openMetrics)
    }

    /// `# HELP`, `# TYPE` and `# UNIT`.
    func header(in format: ExpositionFormat) -> [UInt8] {
        switch format {
        case .prometheusText: prometheusText
        case .openMetrics: openMetrics
        }
    }

    private static func type(of descriptor: MetricDescriptor, in format: ExpositionFormat) -> [UInt8] {
        Array("# TYPE \(descriptor.familyName(in: format)) \(descriptor.typeKeyword(in: format))\n".utf8)
    }

    private static func unit(of descriptor: MetricDescriptor) -> [UInt8] {
        guard let unit = descriptor.announcedUnit else { return [] }
        return Array("# UNIT \(descriptor.familyName(in: .openMetrics)) \(unit.rawValue)\n".utf8)
    }

    private static func help(of descriptor: MetricDescriptor, in format: ExpositionFormat) -> [UInt8] {
        var line = Array("# HELP \(descriptor.familyName(in: format)) ".utf8)
        Escaping.help(in: format).append(descriptor.help, to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
