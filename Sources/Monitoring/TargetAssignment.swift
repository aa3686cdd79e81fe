import ExporterConfiguration
import Postgres
import ReplicationModel

/// What a monitor is told to watch, and how.
struct TargetAssignment: Sendable {
    var entry: FleetRoster.Entry
    var collection: CollectionConfiguration
    /// Grows with each assignment: of two on their way at once, the later one counts.
    var version: Int

    var labels: [(name: String, value: String)] {
        entry.target.labels.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// Where the connection leads.
    var addresses: [ServerAddress] {
        entry.address.map { [$0] }
            ?? ConnectionParameters.endpoints(of: entry.target.dsn.reveal()).map { ServerAddress(host: $0.host, port: $0.port) }
    }

    /// The collectors that are switched off.
    var disabled: Set<CollectorName> { Set(collection.disabledCollectors.compactMap(CollectorName.init(rawValue:))) }

    var limits: TargetState.Limits {
        TargetState.Limits(
            timeout: collection.timeout,
            directoryInterval: collection.directoryInterval,
            sampleInterval: collection.lsnSampleInterval,
            expectedRole: ServerRole(entry.target.expectations.role)
        )
    }

    /// A session that is not connected yet. Its password file is read at each connect.
    @Sendable static func session(_ assignment: Self, on loop: EventLoop) -> any TargetSession {
        let target = assignment.entry.target
        var parameters = ConnectionParameters(conninfo: target.dsn.reveal())
        parameters.statementTimeout = assignment.collection.timeout
        if let address = assignment.entry.address {
            // Somebody else has told it, who is trusted less.
            parameters.endpoint = .init(host: address.host, port: address.port)
            parameters.authentication = .members
            let ranges = assignment.entry.within
            if !ranges.isEmpty { parameters.isAllowedAddress = { ranges.contains(host: $0) == true } }
        }
        if target.passwordFile != nil {
            parameters.passwordProvider = { try target.readPassword()?.reveal() }
        }
        return Session(parameters, on: loop)
    }
}
