package import ExporterConfiguration
import ReplicationModel
import Synchronization

extension Fleet {
    /// Follows another configuration. Targets of the same name stay, with all that is remembered of them, and with their connections unless
    /// these lead elsewhere now; so do Patroni's clusters. Nobody who asks meanwhile waits for it.
    /// - Returns: what has become of the targets.
    @discardableResult
    package func reload(_ configuration: Configuration) async -> TargetDifference {
        let addresses = Self.addresses(of: configuration)
        let change = state.withLock { state -> Change in
            guard !state.isStopped else { return Change() }
            state.configuration = configuration
            state.roster.follow(configuration, addresses: addresses, at: WallClock.monotonic(.now))
            return follow(&state, isReload: true)
        }
        patroni?.follow(configuration.patroni)
        await carryOut(change)
        return change.difference
    }

    /// How long a collection may take, as configured now.
    package var collectionTimeout: Duration { state.withLock { $0.configuration.collection.timeout } }
}
