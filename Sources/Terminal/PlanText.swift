package import Judgement

/// What an outage takes, for a terminal, with the arithmetic.
package struct PlanText: Sendable {
    private let plan: OutagePlan
    private let style: TerminalStyle

    package init(_ plan: OutagePlan, style: TerminalStyle) {
        self.plan = plan
        self.style = style
    }

    package var lines: [String] {
        [style.toned("\(TerminalStyle.safe(plan.target)): its WAL for a consumer that is away for \(HumanText.duration(plan.outage))", .bold)]
            + rates + needed + slotLimit + withoutSlot + disk + keeping + plan.slots.map(slot)
    }

    private func row(_ what: String, _ text: String) -> String {
        "  \(what)\(String(repeating: " ", count: max(18 - what.count, 1)))\(text)"
    }

    private var rates: [String] {
        guard let highest = plan.rate, highest.bytesPerSecond > 0 else {
            return [row("WAL rate", style.toned("not known: nothing was written meanwhile, and pg_wal tells none. Give one by --rate.", .doubtful))]
        }
        let told = plan.rates.sorted { $0.bytesPerSecond > $1.bytesPerSecond }
        return told.enumerated().map { index, rate in
            let counts = told.count > 1 && rate == highest ? ", which counts" : ""
            return row(index == 0 ? "WAL rate" : "", "\(Self.rate(rate.bytesPerSecond))  \(Self.source(rate.source))\(counts)")
        }
    }

    private var needed: [String] {
        guard let bytes = plan.neededBytes, bytes > 0, let rate = plan.rate else { return [] }
        return [
            row("to be kept", "\(HumanText.bytes(bytes))  = \(Self.rate(rate.bytesPerSecond)) × \(HumanText.duration(plan.outage))")
        ]
    }

    private var slotLimit: [String] {
        var lines: [String] = []
        switch plan.slotLimitBytes {
        case let limit?:
            var text = "max_slot_wal_keep_size = \(HumanText.bytes(limit))"
            if let rate = plan.rate, rate.bytesPerSecond > 0 {
                text += ": a slot that holds nothing yet is lost after \(HumanText.duration(Double(limit) / rate.bytesPerSecond))"
            }
            lines.append(row("with a slot", text))
        case nil:
            lines.append(row("with a slot", "max_slot_wal_keep_size = -1: no slot is lost by it, the disk fills"))
        }
        if let needed = plan.slotLimitNeeded, needed > 0, plan.slotLimitBytes.map({ $0 < needed }) ?? true {
            lines.append(row("", "it takes max_slot_wal_keep_size = '\(Self.setting(needed))' (to be kept, and a fifth more)"))
        }
        return lines
    }

    private var withoutSlot: [String] {
        guard let bytes = plan.keepBytes else { return [] }
        guard let seconds = plan.keepSeconds else { return [row("without a slot", "wal_keep_size = \(HumanText.bytes(bytes))")] }
        return [row("without a slot", "wal_keep_size = \(HumanText.bytes(bytes)): lasts \(HumanText.duration(seconds)), an archive aside")]
    }

    private var disk: [String] {
        var lines: [String] = []
        if let disk = plan.disk {
            var text = "\(HumanText.bytes(disk.freeBytes)) free for WAL\(disk.isGiven ? ", by the size given" : "")"
            if let seconds = plan.diskSeconds {
                text += ": full after \(HumanText.duration(seconds))"
                if seconds < plan.outage { text = style.toned(text, .bad) }
            }
            lines.append(row("disk", text))
        } else {
            lines.append(row("disk", "not seen from here: run it on the server, or give its size by --disk"))
        }
        if let needed = plan.diskNeeded, needed > 0 {
            lines.append(row("", "it takes \(HumanText.bytes(needed)) free (to be kept, and a fifth more)"))
        }
        return lines
    }

    private var keeping: [String] {
        plan.keeping.map { [row("now", TerminalStyle.safe($0))] } ?? []
    }

    private func slot(_ slot: OutagePlan.SlotBudget) -> String {
        var text = slot.isActive ? "in use" : "not in use"
        if let bytes = slot.retainedBytes { text += ", holds \(HumanText.bytes(bytes)) now" }
        if let first = slot.first {
            let end = first.cause == .disk ? "the disk is full in" : "lost by \(first.cause.rawValue) in"
            let told = ": \(end) \(HumanText.duration(first.seconds))"
            text += first.seconds < plan.outage ? style.toned("\(told), before the outage is over", .bad) : "\(told)"
        } else {
            text += ": nothing is known that would end it"
        }
        return row("slot \(TerminalStyle.safe(slot.name))", text)
    }

    private static func source(_ source: WALRate.Source) -> String {
        switch source {
        case .given: "as given"
        case .keptWAL(let seconds): "on average over \(HumanText.duration(seconds)), by the segments in pg_wal"
        case .twoLooks(let seconds): "over \(HumanText.duration(seconds)), just now"
        }
    }

    private static func rate(_ bytesPerSecond: Double) -> String {
        guard let bytes = Int64(exactly: bytesPerSecond.rounded()) else { return "unknown" }
        return "\(HumanText.bytes(bytes))/s"
    }

    /// As a setting takes it: in whole units, rounded up.
    private static func setting(_ bytes: Int64) -> String {
        let (unit, name): (Int64, String) = bytes >= 10 << 30 ? (1 << 30, "GB") : (1 << 20, "MB")
        return "\(bytes / unit + (bytes % unit == 0 ? 0 : 1))\(name)"
    }
}
