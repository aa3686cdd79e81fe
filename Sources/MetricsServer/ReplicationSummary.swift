import ReplicationModel

/// A server's replication in a few lines for people: what follows it, what it follows, and what is wrong.
enum ReplicationSummary {
    /// Longer lists are cut: the metrics have them all.
    private static let limit = 8

    static func lines(of snapshot: ServerSnapshot) -> [String] {
        var lines = standby(snapshot)
        lines += shortened(WalsenderGroup.grouping(snapshot.walsenders ?? []).map(walsender))
        lines += shortened((snapshot.slots ?? []).filter { !$0.isActive || $0.isInvalidated }.map(slot))
        if snapshot.archiver?.isFailing == true { lines.append("archiving FAILS") }
        if snapshot.privileges?.contains(where: { !$0.isGranted }) == true { lines.append("some values are hidden from this role") }
        let failed = snapshot.reports.filter { $0.failure != nil }.map(\.collector.rawValue)
        if !failed.isEmpty { lines.append("failed collectors: \(failed.joined(separator: ", "))") }
        let unsupported = snapshot.reports.filter { !$0.isSupported }.map(\.collector.rawValue)
        if !unsupported.isEmpty { lines.append("not supported by this server: \(unsupported.joined(separator: ", "))") }
        return lines
    }

    private static func standby(_ snapshot: ServerSnapshot) -> [String] {
        guard snapshot.role == .standby else { return [] }
        var lines: [String] = []
        switch snapshot.receiver?.isUp(settings: snapshot.settings) {
        case true?: lines.append("receiving")
        case false?: lines.append("NOT receiving")
        case nil: break
        }
        if let recovery = snapshot.recovery {
            if let backlog = recovery.replayBacklogBytes, backlog > 0 { lines.append("\(bytes(backlog)) to replay") }
            if recovery.pauseState != .notPaused { lines.append("replay: \(recovery.pauseState.rawValue)") }
        }
        return lines
    }

    private static func walsender(_ group: WalsenderGroup) -> String {
        var line = "→ \(group.applicationName): \(group.state.rawValue)"
        if group.members.count > 1 { line += " (\(group.members.count) connections)" }
        if group.members.contains(where: { $0.isDiverged == true }) { line += ", DIVERGED" }
        if let lag = group.worst({ $0.lagBytes(\.replayed) ?? $0.lagBytes(\.flushed) }), lag > 0 { line += ", \(bytes(lag)) behind" }
        if let age = group.worst(\.replayAge), age >= 0.1 {
            line += ", \(group.members.contains(where: \.ageIsLowerBound) ? "at least " : "")\(seconds(age))"
        }
        return line
    }

    private static func slot(_ slot: Slot) -> String {
        guard !slot.isInvalidated else { return "slot \(slot.name): LOST" }
        var line = "slot \(slot.name): inactive"
        if let retained = slot.retainedBytes { line += ", keeps \(bytes(retained))" }
        if let age = slot.retainedAge, age >= 1 { line += " of \(seconds(age))" }
        if let left = slot.timeToLost { line += ", lost in \(seconds(left))" }
        return line
    }

    private static func shortened(_ lines: [String]) -> [String] {
        lines.count > limit ? lines.prefix(limit) + ["and \(lines.count - limit) more"] : lines
    }

    private static func seconds(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: "\((seconds * 10).rounded() / 10) s"
        case ..<600: "\(Int(seconds.rounded())) s"
        case ..<36_000: "\(Int((seconds / 60).rounded())) min"
        case ..<360_000: "\(Int((seconds / 3600).rounded())) h"
        default: "\(Int(min(seconds / 86_400, 1e6).rounded())) d"
        }
    }

    /// In the units of PostgreSQL's `pg_size_pretty()`.
    private static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        var units = ["bytes", "kB", "MB", "GB", "TB", "PB"][...]
        while value >= 10_000, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        return "\(Int64(value.rounded())) \(units[units.startIndex])"
    }
}
