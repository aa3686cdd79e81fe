import ReplicationModel

/// What became of slots that look well now.
enum RememberedSlotRules {
    /// For how long it is told: nobody can see from outside whether the consumer has copied its data anew meanwhile.
    private static let told = 86_400.0

    /// A physical slot that was made anew leaves no gap unseen: its standby goes on, or cannot stream.
    static func recreated(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { server -> [Finding] in
            guard server.isPrimary else { return [] }
            return server.snapshot.slotRecords.compactMap { record in
                guard record.type == .logical, let latest = record.latest, view.now - latest.at < told else { return nil }
                var evidence: [Finding.Evidence] = []
                if latest.wasLost, let lostAt = record.lostAt { evidence.append(.init("seen lost", HumanText.time(lostAt))) }
                evidence.append(.init("the new one was first seen", HumanText.time(latest.at)))
                if let position = latest.formerPosition { evidence.append(.init("the former had confirmed", position.description)) }
                if let position = latest.newPosition { evidence.append(.init("the new one begins at", position.description)) }
                if record.recreations > 1 { evidence.append(.init("made anew so many times", "\(record.recreations)")) }
                return Finding(
                    .slotRecreated,
                    target: server.target,
                    slot: record.name,
                    summary: (latest.wasLost
                        ? "Slot \(record.name) at \(server.target) was lost and has been made anew"
                        : "Slot \(record.name) at \(server.target) is another one than before")
                        + ": what its consumer had not got from the former is in neither.",
                    evidence: evidence,
                    cures: [
                        .init(
                            .advice,
                            "If its consumer has copied all its data since, nothing is missing, and this is told for a day only. If it just went on, "
                                + "it lacks the changes between the two positions: have it copy the data again, or compare."
                        )
                    ]
                )
            }
        }
    }
}
