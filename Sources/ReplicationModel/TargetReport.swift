/// What one page says of one target: the latest collection, or why there is none.
package struct TargetReport: Sendable {
    /// The configured name, the label `target`.
    package var name: String
    /// Constant labels from the configuration, in its order.
    package var labels: [(name: String, value: String)]
    package var outcome: Outcome
    /// Whole collection, or the vain attempt at it.
    package var seconds: Double
    /// Sessions opened to the server since the exporter's start.
    package var connects: Int
    /// Failures of each collector since the exporter's start.
    package var errors: [CollectorName: [CollectorFailure.Reason: Int]]

    /// What came of the collection. Indirect, so that a report costs every task that waits for it a pointer, not a whole snapshot.
    package indirect enum Outcome: Sendable {
        /// Connected, and identity and role were read in time.
        case up(ServerSnapshot)
        /// Why not, for the log and the page. Never contains a secret.
        case down(reason: String)
    }

    package init(
        name: String,
        labels: [(name: String, value: String)],
        outcome: Outcome,
        seconds: Double,
        connects: Int,
        errors: [CollectorName: [CollectorFailure.Reason: Int]]
    ) {
        self.name = name
        self.labels = labels
        self.outcome = outcome
        self.seconds = seconds
        self.connects = connects
        self.errors = errors
    }

    /// The snapshot of a server that is up.
    package var snapshot: ServerSnapshot? {
        if case .up(let snapshot) = outcome { snapshot } else { nil }
    }
}
