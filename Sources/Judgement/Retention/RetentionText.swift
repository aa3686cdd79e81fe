package import ReplicationModel

/// What keeps pg_wal, as one person would tell another.
package enum RetentionText {
    /// `18 GiB wait for slot dc2 (inactive for 3 h); when it goes, 17.2 GiB are freed at the next checkpoint; then wal_keep_size keeps 1 GiB`.
    /// - Parameter now: Unix time by the exporter's clock.
    /// - Returns: nil where a fact is missing.
    package static func clause(_ snapshot: ServerSnapshot, now: Double) -> String? {
        WALRetention(snapshot).map { clause($0, snapshot, now: now) }
    }

    /// The same as a sentence, with the size of the directory and what in it is no WAL to be kept.
    package static func sentence(_ snapshot: ServerSnapshot, now: Double) -> String? {
        guard let retention = WALRetention(snapshot) else { return nil }
        var parts = ["pg_wal holds \(HumanText.bytes(retention.directoryBytes)): \(clause(retention, snapshot, now: now))."]
        if retention.removableBytes > 0 {
            let lost = retention.doomedSlots.isEmpty ? "" : ", which invalidates slot \(HumanText.list(retention.doomedSlots))"
            parts.append("\(HumanText.bytes(retention.removableBytes)) go at the next \(checkpoint(snapshot))\(lost).")
        }
        if retention.aheadBytes > 0 { parts.append("\(HumanText.bytes(retention.aheadBytes)) are segments ready for WAL to come.") }
        if retention.unexplainedBytes >= snapshot.identity.walSegmentBytes {
            parts.append("\(HumanText.bytes(retention.unexplainedBytes)) are files that are no segments.")
        }
        return parts.joined(separator: " ")
    }

    /// For a finding about what may be the keeper: the sentence, if it is.
    static func evidence(_ snapshot: ServerSnapshot, _ reason: WALRetention.Reason = .slots, slot: String? = nil, now: Double) -> [Finding.Evidence] {
        guard let keeper = WALRetention(snapshot)?.keeper, keeper.reason == reason, keeper.slot == slot, let text = sentence(snapshot, now: now)
        else {
            return []
        }
        return [.init("what keeps pg_wal", text)]
    }

    private static func clause(_ retention: WALRetention, _ snapshot: ServerSnapshot, now: Double) -> String {
        let keeper = retention.keeper
        let freed = "\(retention.isLowerBound ? "at least " : "")\(HumanText.bytes(retention.releasableBytes))"
        var text = "\(HumanText.bytes(keeper.bytes)) \(waits(keeper, snapshot, now: now))"
        // What nobody waits for, or of which nothing would be freed, needs no more words.
        guard retention.releasableBytes > 0 else { return text }
        text +=
            keeper.reason == .checkpoint ? ", which frees \(freed)" : "; \(whenGone(keeper)), \(freed) are freed at the next \(checkpoint(snapshot))"
        return text + "; then \(name(retention.next)) keeps \(HumanText.bytes(retention.next.bytes))"
    }

    private static func waits(_ holder: WALRetention.Holder, _ snapshot: ServerSnapshot, now: Double) -> String {
        switch holder.reason {
        case .checkpoint: return "wait for the next \(checkpoint(snapshot))"
        case .walKeepSize: return "are kept by wal_keep_size"
        case .summarizer: return "wait for the WAL summarizer"
        case .archiver: return "wait for the archive"
        case .slots:
            guard let slot = snapshot.slots?.first(where: { $0.name == holder.slot }) else { return "wait for a slot" }
            guard !slot.isActive else { return "wait for slot \(slot.name) (in use)" }
            let since = slot.inactiveSince.map { " for \(HumanText.duration(now + (snapshot.clockOffset ?? 0) - $0))" } ?? ""
            return "wait for slot \(slot.name) (inactive\(since))"
        }
    }

    private static func whenGone(_ holder: WALRetention.Holder) -> String {
        switch holder.reason {
        case .checkpoint, .slots: "when it goes"
        case .walKeepSize: "without it"
        case .summarizer: "when it has caught up"
        case .archiver: "when they are archived"
        }
    }

    private static func name(_ holder: WALRetention.Holder) -> String {
        switch holder.reason {
        case .checkpoint: "the checkpoint"
        case .walKeepSize: "wal_keep_size"
        case .slots: "slot \(holder.slot ?? "")"
        case .summarizer: "the WAL summarizer"
        case .archiver: "the archiver"
        }
    }

    private static func checkpoint(_ snapshot: ServerSnapshot) -> String {
        snapshot.role == .primary ? "checkpoint" : "restartpoint"
    }
}
