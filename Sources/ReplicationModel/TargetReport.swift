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
    /// What should be there, by the configuration and Patroni.
    package var expectations: Expectations
    /// The Patroni cluster and the member's name in it; nil when the target is not known to be a member.
    package var membership: Membership?
    /// Under which addresses the target is known: its connection string, Patroni.
    package var addresses: [ServerAddress]
    /// When the snapshot was collected; nil without one. The same collection has the same moment in every report.
    package var collectedAt: Moment?
    /// Without a snapshot: what was collected last.
    package var lastSeen: LastSeen?
    /// Of a standby whose primary is watched too; nil where that is not so, or cannot be told.
    package var behindPrimary: BehindPrimary?
    /// The caller did not wait for the collection under way: what is told is an earlier one, or nothing.
    package var isPending: Bool

    /// Membership in a Patroni cluster.
    package struct Membership: Sendable, Hashable {
        /// The configured name of the cluster.
        package var cluster: String
        package var member: String

        package init(cluster: String, member: String) {
            self.cluster = cluster
            self.member = member
        }
    }

    /// A snapshot of the past. Indirect, as `Outcome` is.
    package indirect enum LastSeen: Sendable {
        /// - Parameter at: Unix time by the exporter's clock.
        case snapshot(ServerSnapshot, at: Double)
    }

    /// What came of the collection. Indirect, so that a report costs every task that waits for it a pointer, not a whole snapshot.
    package indirect enum Outcome: Sendable {
        /// Connected, and identity and role were read in time.
        case up(ServerSnapshot)
        /// Why not, for the log and the page. Never contains a secret.
        case down(reason: String)
        /// Neither is known: the caller did not wait long enough for the first answer. Why, for people.
        case unanswered(reason: String)
    }

    package init(
        name: String,
        labels: [(name: String, value: String)],
        outcome: Outcome,
        seconds: Double,
        connects: Int,
        errors: [CollectorName: [CollectorFailure.Reason: Int]],
        expectations: Expectations = Expectations(),
        membership: Membership? = nil,
        addresses: [ServerAddress] = [],
        collectedAt: Moment? = nil,
        lastSeen: LastSeen? = nil,
        isPending: Bool = false
    ) {
        self.name = name
        self.labels = labels
        self.outcome = outcome
        self.seconds = seconds
        self.connects = connects
        self.errors = errors
        self.expectations = expectations
        self.membership = membership
        self.addresses = addresses
        self.collectedAt = collectedAt
        self.lastSeen = lastSeen
        self.isPending = isPending
    }

    /// Makes its server one of a family of its own, now and when it was seen last.
    package mutating func detach() {
        if case .up(var snapshot) = outcome {
            snapshot.identity.detachedAs = name
            outcome = .up(snapshot)
        }
        if case .snapshot(var snapshot, let at)? = lastSeen {
            snapshot.identity.detachedAs = name
            lastSeen = .snapshot(snapshot, at: at)
        }
    }

    /// The snapshot of a server that is up.
    package var snapshot: ServerSnapshot? {
        if case .up(let snapshot) = outcome { snapshot } else { nil }
    }

    /// Whether the server answered; nil when that is not known.
    package var isUp: Bool? {
        switch outcome {
        case .up: true
        case .down: false
        case .unanswered: nil
        }
    }
}
