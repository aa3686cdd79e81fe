/// A metric as it is announced: what `# HELP`, `# TYPE` and `# UNIT` say about it.
package struct MetricDescriptor: Sendable, Hashable {
    /// The full name as in the classic text format: a counter's ends in `_total`, an info's in `_info`.
    package let name: String
    /// How the values behave.
    package let type: MetricType
    /// The base unit, if the values have one.
    package let unit: MetricUnit?
    /// One sentence for whoever meets the metric in an expression browser. Escaped on the page, so any text will do.
    package let help: String
    /// What every page repeats of the descriptor, as bytes.
    private(set) var rendered = RenderedDescriptor()

    /// Creates a descriptor. Names come from the program, never from a server, so they are taken as they are.
    package init(name: String, type: MetricType, unit: MetricUnit? = nil, help: String) {
        self.name = name
        self.type = type
        self.unit = unit
        self.help = help
        self.rendered = RenderedDescriptor(of: self)
    }
}
