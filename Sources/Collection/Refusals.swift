package import Postgres
package import ReplicationModel

/// What the server behind one connection refuses and will go on refusing: it is not asked again. Pure.
package struct Refusals: Sendable {
    private struct Refusal: Sendable {
        let reason: String
        let isOfPrivilege: Bool
    }

    /// The collectors that ask for less, because the whole was refused.
    package private(set) var reduced: Set<CollectorName> = []
    private var unsupported: [CollectorName: Refusal] = [:]
    /// Those that were answered on this connection: a refusal of one of them is not the last word.
    private var proven: Set<CollectorName> = []
    /// Those whose refusal may be one of the server's state, which may have changed between two statements.
    private var doubted: Set<CollectorName> = []

    package init() {}

    /// The collectors that are not supported.
    package var collectors: Set<CollectorName> { Set(unsupported.keys) }

    /// Why a collector is not supported, in the server's words; nil: it is.
    package func reason(for collector: CollectorName) -> String? { unsupported[collector]?.reason }

    /// A report on each collector that is not supported.
    package var reports: [CollectorReport] {
        unsupported.sorted { $0.key.rawValue < $1.key.rawValue }.map { CollectorReport(collector: $0.key, unsupported: $0.value.reason) }
    }

    /// Learns from the answers of a round.
    /// - Returns: whether the round is to be asked again at once, because a collector asks for less now, or the server's role may have changed.
    package mutating func note(_ outcomes: some Collection<StatementOutcome>, of round: CollectionRound) -> Bool {
        var isToBeRepeated = false
        for (collector, outcome) in zip(round.collectors, outcomes) {
            guard case .failure(let error) = outcome.result else {
                proven.insert(collector.name)
                doubted.remove(collector.name)
                continue
            }
            if error.sqlState == .objectNotInPrerequisiteState, round.server.role == .standby, doubted.insert(collector.name).inserted {
                // "Recovery is not in progress": promoted since its role was read, unless it says so twice.
                isToBeRepeated = true
            } else if Self.isLasting(error, for: collector.name), !isNew(error, for: collector.name) {
                if collector.hasReducedForm, reduced.insert(collector.name).inserted {
                    isToBeRepeated = true
                } else {
                    let isOfPrivilege = error.sqlState == .insufficientPrivilege
                    unsupported[collector.name] = Refusal(reason: Self.reason(of: error), isOfPrivilege: isOfPrivilege)
                }
            }
        }
        return isToBeRepeated
    }

    /// Whether the collector worked until now. What was revoked meanwhile may be granted again: that is a failure. Anything else gets a second
    /// chance: a view that has changed its shape is refused once.
    private mutating func isNew(_ error: PostgresError, for collector: CollectorName) -> Bool {
        error.sqlState == .insufficientPrivilege ? proven.contains(collector) : proven.remove(collector) != nil
    }

    /// A privilege was granted: what was refused for want of one is worth asking again.
    package mutating func privilegeGranted() {
        unsupported = unsupported.filter { !$0.value.isOfPrivilege }
    }

    /// The reason that is told.
    package static func reason(of error: PostgresError) -> String {
        error.sqlState == .insufficientPrivilege ? "\(error.description) (a GRANT may cure it, where the service allows one)" : error.description
    }

    /// Whether the answer to the same question will be the same while the server runs: the function or view is not there, not for us, or not
    /// on this service. A role that was read before, in the same round trip, is no longer in doubt on a primary: it does not go back.
    package static func isLasting(_ error: PostgresError, for collector: CollectorName? = nil) -> Bool {
        guard error.code == .server, let state = error.sqlState else { return false }
        switch state {
        case .featureNotSupported, .objectNotInPrerequisiteState: return true
        // A slot that was dropped between the list and the look into its directory.
        case .undefinedObject: return collector != .slotSpill
        // Syntax error or access rule violation.
        default: return state.code.hasPrefix("42")
        }
    }
}
