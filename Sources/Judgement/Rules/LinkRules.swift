import ReplicationModel

/// What is wrong between two servers that both run.
enum LinkRules {
    /// Before `wal_sender_timeout` and `wal_receiver_timeout` are over, a minute by default, nothing else shows that a link is dead: both ends say that they stream.
    static func silent(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { sender -> [Finding] in
            let walsenders = sender.snapshot.walsenders ?? []
            guard walsenders.contains(where: \.isSilent) else { return [] }
            return zip(walsenders, view.receivers(at: sender)).compactMap { walsender, standby in
                walsender.isSilent ? finding(walsender, standby, at: sender) : nil
            }
        }
    }

    /// Once the timeouts are over there is no walsender any more, and the standby receives nothing: that is still the same dead link, as long as both servers
    /// answer, and what the standby needs is there.
    static func ended(_ view: FleetView) -> [Finding] {
        view.silentLinks.compactMap { link in
            guard let sender = view.servers.first(where: { $0.instance == link.sender }), let walsenders = sender.snapshot.walsenders,
                !walsenders.contains(where: link.isOf)
            else { return nil }
            let standbys = view.servers(of: sender.systemIdentifier).filter {
                $0.snapshot.role == .standby && link.leads(to: $0.snapshot, named: $0.names)
            }
            guard standbys.count == 1, let standby = standbys.first, standby.instance != sender.instance, standby.isStreaming == false,
                standby.snapshot.recovery?.isEndKnown != false, !view.isStarting(standby), sender.keeps(what: standby, needsBy: link.slotName)
            else { return nil }
            let place = link.clientAddress.map { " (\($0))" } ?? ""
            return Finding(
                .linkEnded,
                target: sender.target,
                slot: link.slotName,
                standby: standby.target,
                upstream: sender.target,
                summary:
                    "\(sender.target) stopped hearing from its standby \(standby.target)\(place), gave up, and nothing has come since: the link between "
                    + "them is dead. Both of them run.",
                evidence: [
                    .init("no reply at \(sender.target)", "since \(HumanText.time(link.since)), and some seconds before"),
                    .init("pg_stat_replication at \(sender.target)", "no row of it any more"),
                    .init("\(standby.target) answers the exporter", "true"),
                ] + standby.upstreamEvidence,
                cures: network(sender, "\(standby.target)\(place)", isWatched: true)
            )
        }
    }

    private static func network(_ sender: FleetServer, _ other: String, isWatched: Bool) -> [Finding.Cure] {
        [
            .init(
                .advice,
                "Look at the network from \(sender.target) to \(other)"
                    + (isWatched ? ": both of them run, for both answer the exporter." : ", and at that server.")
            ),
            .init(.advice, "Commits that wait for this standby (synchronous_standby_names) hang until it replies or gives up."),
        ]
    }

    private static func finding(_ walsender: Walsender, _ standby: FleetServer?, at sender: FleetServer) -> Finding {
        let name = standby?.target ?? walsender.applicationName
        let place = walsender.clientAddress.map { " (\($0))" } ?? ""
        var evidence: [Finding.Evidence] = [
            .init("no reply at \(sender.target)", "for at least \(HumanText.duration(walsender.unansweredSeconds ?? 0))"),
            .init("pg_stat_replication.state at \(sender.target)", walsender.state.rawValue),
        ]
        if let waiting = walsender.lagBytes(\.flushed) { evidence.append(.init("WAL that it has not flushed", HumanText.bytes(waiting))) }
        if let timeout = sender.snapshot.settings?.walSenderTimeoutSeconds {
            evidence.append(.init("wal_sender_timeout at \(sender.target)", timeout == 0 ? "0: never" : HumanText.duration(timeout)))
        }
        if let standby {
            evidence.append(.init("\(standby.target) answers the exporter", "true"))
            evidence += standby.upstreamEvidence
        }
        return Finding(
            (walsender.unansweredSeconds ?? 0) > Verdict.unansweredCriticalSeconds ? .linkEnded : .linkSilent,
            target: sender.target,
            slot: walsender.slotName,
            standby: name,
            upstream: sender.target,
            summary: "\(sender.target) hears nothing from its standby \(name)\(place) while WAL waits for it: the link between them is dead, or "
                + "the standby hangs. Both will say that they stream until their timeouts are over.",
            evidence: evidence,
            cures: network(sender, "\(name)\(place)", isWatched: standby != nil)
        )
    }
}

extension FleetServer {
    /// Whether nothing but the link can be why a standby does not stream from here: its slot is there, and the WAL that it needs next. What is not known
    /// is no reason.
    fileprivate func keeps(what standby: FleetServer, needsBy slot: String?) -> Bool {
        if let slot, let slots = snapshot.slots, !slots.contains(where: { $0.name == slot && $0.type == .physical && !$0.isInvalidated }) {
            return false
        }
        guard let end = standby.snapshot.recovery?.end, let kept = snapshot.walDirectory?.oldestKept else { return true }
        return end >= kept
    }
}
