import ReplicationModel

/// What is wrong between two servers that both run.
enum LinkRules {
    /// Before `wal_sender_timeout` and `wal_receiver_timeout` are over, a minute by default, nothing else shows that a link is dead: both ends say that they stream.
    static func silent(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { sender -> [Finding] in
            let walsenders = sender.snapshot.walsenders ?? []
            guard walsenders.contains(where: isSilent) else { return [] }
            return zip(walsenders, view.receivers(at: sender)).compactMap { walsender, standby in
                isSilent(walsender) ? finding(walsender, standby, at: sender) : nil
            }
        }
    }

    private static func isSilent(_ walsender: Walsender) -> Bool {
        walsender.unansweredSeconds.map { $0 > Verdict.unansweredSeconds } ?? false
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
            .linkSilent,
            target: sender.target,
            slot: walsender.slotName,
            standby: name,
            upstream: sender.target,
            summary: "\(sender.target) hears nothing from its standby \(name)\(place) while WAL waits for it: the link between them is dead, or "
                + "the standby hangs. Both will say that they stream until their timeouts are over.",
            evidence: evidence,
            cures: [
                .init(
                    .advice,
                    "Look at the network from \(sender.target) to \(name)\(place)"
                        + (standby == nil ? ", and at that server." : ": both of them run, for both answer the exporter.")
                ),
                .init(.advice, "Commits that wait for this standby (synchronous_standby_names) hang until it replies or gives up."),
            ]
        )
    }
}
