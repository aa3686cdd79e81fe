import ReplicationModel

/// Who streams from whom, and what is wrong: plain values for a page or an API.
package struct Topology: Sendable {
    /// Every target that is down or did not answer yet, and every server that is up, in the order of the configuration.
    package var servers: [Server]
    package var edges: [Edge]
    package var findings: [Finding]

    /// A server that is up, or a target that is down.
    package struct Server: Sendable, Hashable {
        /// The target under whose name the server is told of.
        package var target: String
        /// All targets that reach it, the one above first.
        package var targets: [String]
        /// The target's constant labels from the configuration.
        package var labels: [String: String]
        /// nil: not known, for nobody waited for its first answer.
        package var isUp: Bool?
        /// Why it is down, or not known. Holds no secret.
        package var problem: String?
        /// All below as it was last, when it is down. Unix time by the exporter's clock; nil when it is up or never was.
        package var lastSeen: Double?
        /// `primary` or `standby`.
        package var role: String?
        package var systemIdentifier: String?
        /// nil when not set.
        package var clusterName: String?
        /// PostgreSQL's version, `15.18`.
        package var version: String?
        package var timeline: Int64?
        /// The end of the WAL as far as the server knows, `16/B374D848`.
        package var position: String?
        /// Patroni's cluster and member, by the configuration and Patroni.
        package var cluster: String?
        package var member: String?
        /// Role and state of the member as Patroni says.
        package var patroniRole: String?
        package var patroniState: String?
        /// Whether it streams, of a standby; nil when it is not told to, or that cannot be known.
        package var isStreaming: Bool?
        /// Where a standby streams from, or is told to, as it has it: `host:port`.
        package var upstreamAddress: String?
        package var upstreamSlot: String?
        /// Whether pg_rewind could bring it back after a failover.
        package var isRewindReady: Bool?
        /// Whether it was said to be a clone or copy, of no family.
        package var isDetached = false
    }

    /// A stream of WAL, or one that should be.
    package struct Edge: Sendable, Hashable {
        /// The sender's target; nil when it is not among the targets.
        package var sender: String?
        /// The receiver's target; nil when it is not among the targets, or cannot be told from others.
        package var receiver: String?
        /// `host:port` of the sender as the receiver has it, when the sender is not among the targets.
        package var senderAddress: String?
        package var slot: String?
        package var applicationName: String?
        /// Where the receiver connects from.
        package var clientAddress: String?
        /// Of the walsender, or where none is seen, of the walreceiver.
        package var state: String?
        /// `sync`, `quorum`, `potential` or `async`.
        package var syncState: String?
        /// Bytes from the sender's end of WAL to what the receiver has replayed, else flushed.
        package var lagBytes: Int64?
        /// How long ago the sender's WAL end passed that position.
        package var lagSeconds: Double?
        /// It may be more than `lagSeconds`.
        package var lagIsLowerBound: Bool
    }

    /// - Parameter findings: where they were found already; else they are now.
    package init(_ view: FleetView, findings: [Finding]? = nil) {
        servers = view.reports.compactMap { report in
            guard report.snapshot != nil else { return Server(down: report, view) }
            guard let server = view.server(ofTarget: report.name), server.target == report.name else { return nil }
            return Server(server)
        }
        edges = Self.edges(view)
        self.findings = findings ?? Findings.all(of: view)
    }

    private static func edges(_ view: FleetView) -> [Edge] {
        var edges: [Edge] = []
        var received: Set<ServerInstance> = []
        for server in view.servers {
            for (walsender, receiver) in zip(server.snapshot.walsenders ?? [], view.receivers(at: server)) {
                if let receiver { received.insert(receiver.instance) }
                edges.append(Edge(walsender, sender: server, receiver: receiver))
            }
        }
        // What a standby says of itself, where nobody was seen to send.
        for standby in view.servers where standby.snapshot.role == .standby && !received.contains(standby.instance) {
            guard let receiver = standby.snapshot.receiver, receiver.isConfigured == true else { continue }
            let upstream = view.upstream(of: standby)
            edges.append(
                Edge(
                    sender: upstream?.target,
                    receiver: standby.target,
                    senderAddress: upstream == nil ? receiver.upstream?.addressText : nil,
                    slot: receiver.upstream?.slotName,
                    applicationName: nil,
                    clientAddress: nil,
                    state: receiver.status?.rawValue,
                    syncState: nil,
                    lagBytes: receiver.upstreamLagBytes(replayed: standby.snapshot.recovery?.replayed, settings: standby.snapshot.settings),
                    lagSeconds: standby.snapshot.recovery?.replayLag,
                    lagIsLowerBound: standby.snapshot.recovery?.replayLagIsLowerBound == true
                )
            )
        }
        return edges
    }
}

extension Topology.Server {
    fileprivate init(_ server: FleetServer) {
        self.init(target: server.target, targets: server.targets, labels: server.report.labelDictionary, isUp: true)
        fill(server.snapshot)
        fill(server.report, server.member)
    }

    fileprivate init(down report: TargetReport, _ view: FleetView) {
        self.init(target: report.name, targets: [report.name], labels: report.labelDictionary, isUp: report.isUp)
        switch report.outcome {
        case .up: break
        case .down(let reason), .unanswered(let reason): problem = reason
        }
        if case .snapshot(let snapshot, let at)? = report.lastSeen {
            lastSeen = at
            fill(snapshot)
            isStreaming = nil
        }
        fill(report, view.patroni.member(of: report))
    }

    private mutating func fill(_ snapshot: ServerSnapshot) {
        role = snapshot.role.rawValue
        systemIdentifier = snapshot.identity.systemIdentifier.isEmpty ? nil : snapshot.identity.systemIdentifier
        clusterName = snapshot.identity.clusterName.isEmpty ? nil : snapshot.identity.clusterName
        version = snapshot.identity.version
        timeline = snapshot.timeline
        position = snapshot.currentPosition?.description
        if snapshot.role == .standby {
            isStreaming = snapshot.receiver?.isUp(settings: snapshot.settings)
            upstreamAddress = snapshot.receiver?.upstream?.addressText
            upstreamSlot = snapshot.receiver?.upstream?.slotName
        }
        isRewindReady = RewindReadiness(snapshot).isReady
        isDetached = snapshot.identity.detachedAs != nil
    }

    private mutating func fill(_ report: TargetReport, _ member: PatroniMember?) {
        cluster = report.membership?.cluster
        self.member = report.membership?.member
        patroniRole = member?.role
        patroniState = member?.state
    }
}

extension Topology.Edge {
    fileprivate init(_ walsender: Walsender, sender: FleetServer, receiver: FleetServer?) {
        self.init(
            sender: sender.target,
            receiver: receiver?.target,
            senderAddress: nil,
            slot: walsender.slotName,
            applicationName: walsender.applicationName,
            clientAddress: walsender.clientAddress,
            state: walsender.state.rawValue,
            syncState: walsender.syncState?.rawValue,
            lagBytes: walsender.replayed == nil ? walsender.lagBytes(\.flushed) : walsender.lagBytes(\.replayed),
            lagSeconds: walsender.replayed == nil ? walsender.flushAge : walsender.replayAge,
            lagIsLowerBound: walsender.ageIsLowerBound
        )
    }
}

extension TargetReport {
    fileprivate var labelDictionary: [String: String] {
        // The configuration allows no name twice.
        Dictionary(labels.map { ($0.name, $0.value) }) { first, _ in first }
    }
}

extension Receiver.Upstream {
    /// `host:port`, all of them when there are several; nil when nothing is known. Without a host, only the port would mislead.
    var addressText: String? {
        let addresses = addresses
        return addresses.isEmpty ? host : addresses.map(\.description).joined(separator: ",")
    }
}
