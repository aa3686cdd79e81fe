import Monitoring

/// The targets' names for an error text; many are cut short.
struct KnownTargets: CustomStringConvertible {
    private let names: [String]

    init(_ fleet: Fleet) {
        names = fleet.names
    }

    var description: String {
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "Configured: \(shown) and \(names.count - 20) more." : "Configured: \(shown)."
    }
}
