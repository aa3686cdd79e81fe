import ExporterConfiguration
import Postgres

/// What another configuration, or another answer of Patroni, means for a target that is watched already.
enum TargetChange: Sendable, Hashable {
    case nothing
    /// Its labels, expectations and the like: what the connection does not depend on.
    case settings
    /// Where its connection leads, or as whom.
    case connection
}

extension FleetRoster.Entry {
    /// What is new since it was a former one.
    func change(from former: Self) -> TargetChange {
        guard self != former else { return .nothing }
        // The other way round, a setting that is new to the configuration would be one that does not matter.
        var settings = former
        settings.target.labels = target.labels
        settings.target.expectations = target.expectations
        settings.target.walDirectory = target.walDirectory
        if ConnectionParameters.areSame(target.dsn.reveal(), former.target.dsn.reveal()) { settings.target.dsn = target.dsn }
        return settings == self ? .settings : .connection
    }
}

/// What becomes of the targets when there are to be others: the names of each kind, in the order of the page.
package struct TargetDifference: Sendable, Hashable {
    /// All is as it was.
    package var unchanged: [String] = []
    /// Kept with their connections: other labels, expectations and the like.
    package var adapted: [String] = []
    /// Kept with all that is remembered of them, and connected anew.
    package var moved: [String] = []
    package var added: [String] = []
    package var removed: [String] = []

    init() {}

    init(from former: [FleetRoster.Entry], to present: [FleetRoster.Entry]) {
        let known = Dictionary(former.map { ($0.target.name, $0) }) { first, _ in first }
        for entry in present {
            let name = entry.target.name
            switch known[name].map(entry.change) {
            case nil: added.append(name)
            case .nothing?: unchanged.append(name)
            case .settings?: adapted.append(name)
            case .connection?: moved.append(name)
            }
        }
        let names = Set(present.map(\.target.name))
        removed = former.map(\.target.name).filter { !names.contains($0) }
    }
}
