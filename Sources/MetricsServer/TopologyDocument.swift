import Judgement
import ReplicationModel

/// The answer of `/api/v1/topology`: version 1 of a schema that docs/api.md describes. What is not known is left out.
///
/// Apart from the model, so that a change there does not change what others parse.
struct TopologyDocument: Encodable, Sendable {
    /// Grows when a key changes its meaning or goes; not when one is added.
    var version = 1
    var generatedAt: Double
    var servers: [Server]
    var edges: [Edge]
    var clusters: [Cluster]
    var findings: [Finding]
    var silences: [Silence]

    struct Server: Encodable, Sendable {
        var target: String
        var targets: [String]
        var labels: [String: String]
        var up: Bool?
        var reason: String?
        var lastSeen: Double?
        var role: String?
        var systemIdentifier: String?
        var clusterName: String?
        var version: String?
        var timeline: Int64?
        var position: String?
        var streaming: Bool?
        var upstream: Upstream?
        var rewindReady: Bool?
        var detached: Bool?
        var patroni: Member?
    }

    struct Upstream: Encodable, Sendable {
        var address: String?
        var slot: String?
    }

    struct Member: Encodable, Sendable {
        var cluster: String
        var member: String
        var role: String?
        var state: String?
    }

    struct Edge: Encodable, Sendable {
        var sender: String?
        var senderAddress: String?
        var receiver: String?
        var clientAddress: String?
        var applicationName: String?
        var slot: String?
        var state: String?
        var syncState: String?
        var lagBytes: Int64?
        var lagSeconds: Double?
        var lagIsLowerBound: Bool?
    }

    struct Cluster: Encodable, Sendable {
        var name: String
        var up: Bool
        var readAt: Double?
        var paused: Bool?
        var leader: String?
        var standbyCluster: Upstream?
        var members: [ClusterMember]
        var endpoints: [Endpoint]
    }

    struct ClusterMember: Encodable, Sendable {
        var name: String
        var role: String
        var state: String
        var address: String?
        var timeline: Int64?
    }

    struct Endpoint: Encodable, Sendable {
        var url: String
        var up: Bool
        var reason: String?
    }

    struct Finding: Encodable, Sendable {
        var code: String
        var severity: String
        var confidence: String
        var target: String?
        var slot: String?
        var standby: String?
        var upstream: String?
        var summary: String
        var evidence: [Evidence]
        var cures: [Cure]
        var follows: Cause?
        var silenced: Silenced?
    }

    struct Cause: Encodable, Sendable {
        var code: String
        var target: String?
        var standby: String?
    }

    struct Evidence: Encodable, Sendable {
        var name: String
        var value: String
    }

    struct Cure: Encodable, Sendable {
        var kind: String
        var text: String
        var target: String?
        var effect: String?
    }

    struct Silenced: Encodable, Sendable {
        var until: Double
        var reason: String
    }

    struct Silence: Encodable, Sendable {
        var finding: String
        var target: String?
        var slot: String?
        var until: Double
        var reason: String
        var ended: Bool
    }

    init(_ view: FleetView) {
        let topology = Topology(view)
        generatedAt = view.now
        servers = topology.servers.map(Server.init)
        edges = topology.edges.map(Edge.init)
        clusters = view.clusters.map(Cluster.init)
        findings = topology.findings.map(Finding.init)
        silences = view.silences.map { silence in
            Silence(
                finding: silence.code.rawValue,
                target: silence.target,
                slot: silence.slot,
                until: silence.until,
                reason: silence.reason,
                ended: silence.isEnded(at: view.now)
            )
        }
    }
}

extension TopologyDocument.Server {
    fileprivate init(_ server: Topology.Server) {
        self.init(
            target: server.target,
            targets: server.targets,
            labels: server.labels,
            up: server.isUp,
            reason: server.problem,
            lastSeen: server.lastSeen,
            role: server.role,
            systemIdentifier: server.systemIdentifier,
            clusterName: server.clusterName,
            version: server.version,
            timeline: server.timeline,
            position: server.position,
            streaming: server.isStreaming,
            rewindReady: server.isRewindReady,
            detached: server.isDetached ? true : nil
        )
        if server.upstreamAddress != nil || server.upstreamSlot != nil {
            upstream = .init(address: server.upstreamAddress, slot: server.upstreamSlot)
        }
        if let cluster = server.cluster, let member = server.member {
            patroni = .init(cluster: cluster, member: member, role: server.patroniRole, state: server.patroniState)
        }
    }
}

extension TopologyDocument.Edge {
    fileprivate init(_ edge: Topology.Edge) {
        self.init(
            sender: edge.sender,
            senderAddress: edge.senderAddress,
            receiver: edge.receiver,
            clientAddress: edge.clientAddress,
            applicationName: edge.applicationName,
            slot: edge.slot,
            state: edge.state,
            syncState: edge.syncState,
            lagBytes: edge.lagBytes,
            lagSeconds: edge.lagSeconds,
            lagIsLowerBound: edge.lagSeconds == nil ? nil : edge.lagIsLowerBound
        )
    }
}

extension TopologyDocument.Cluster {
    fileprivate init(_ cluster: PatroniCluster) {
        self.init(
            name: cluster.name,
            up: cluster.endpoints.contains(where: \.isUp),
            readAt: cluster.readAt,
            paused: cluster.isPaused,
            leader: cluster.leader?.name,
            members: cluster.members.map {
                .init(name: $0.name, role: $0.role, state: $0.state, address: $0.address?.description, timeline: $0.timeline)
            },
            endpoints: cluster.endpoints.map { .init(url: $0.url, up: $0.isUp, reason: $0.problem) }
        )
        if let standby = cluster.settings?.standbyCluster {
            let addresses = standby.ports.isEmpty ? [] : standby.addresses
            let address = addresses.isEmpty ? standby.host : addresses.map(\.description).joined(separator: ",")
            standbyCluster = .init(address: address, slot: standby.slotName)
        }
    }
}

extension TopologyDocument.Finding {
    fileprivate init(_ finding: Finding) {
        self.init(
            code: finding.code.rawValue,
            severity: finding.severity.rawValue,
            confidence: finding.confidence.rawValue,
            target: finding.target,
            slot: finding.slot,
            standby: finding.standby,
            upstream: finding.upstream,
            summary: finding.summary,
            evidence: finding.evidence.map { .init(name: $0.name, value: $0.value) },
            cures: finding.cures.map { cure in
                .init(kind: cure.kind.rawValue, text: cure.text, target: cure.target, effect: cure.effect == .harmless ? nil : cure.effect.rawValue)
            },
            follows: finding.cause.map { .init(code: $0.code.rawValue, target: $0.target, standby: $0.standby) },
            silenced: finding.silence.map { .init(until: $0.until, reason: $0.reason) }
        )
    }
}
