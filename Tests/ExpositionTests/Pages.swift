import Exposition

extension MetricFamily {
    /// A family in one expression.
    init(_ name: String, _ type: MetricType, unit: MetricUnit? = nil, help: String = "Help.", _ samples: [Sample]) {
        self.init(MetricDescriptor(name: name, type: type, unit: unit, help: help))
        self.samples = samples
    }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Label(name: $0, value: $1) })
    }
}

/// Renders families as one page.
func page(_ families: [MetricFamily], _ format: ExpositionFormat) -> String {
    var encoder = PageEncoder(format: format, reservingCapacity: 0)
    for family in families { encoder.encode(family) }
    return String(decoding: encoder.finish(), as: UTF8.self)
}

/// The lines of a page that hold samples.
func sampleLines(_ families: [MetricFamily], _ format: ExpositionFormat) -> [String] {
    page(families, format).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
}

/// Small numbers that look random and are the same on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
