package import Judgement
package import ReplicationModel

/// What `check` looks at. Each is a pure function of one look at all servers; what is not known is UNKNOWN, never OK.
package enum CheckKind: String, Sendable, CaseIterable {
    case role, lag, slots, wal, archive, subscriptions, all

    /// What its thresholds are of; nil: it has none.
    package var unit: MonitoringRange.Unit? {
        switch self {
        case .lag: .seconds
        case .slots: .bytes
        case .wal: .percent
        case .archive: .seconds
        case .role, .subscriptions, .all: nil
        }
    }

    /// Where none are given.
    package var defaults: (warning: String?, critical: String?) {
        switch self {
        case .lag: ("60", "300")
        // Free.
        case .wal: ("15:", "5:")
        case .archive: ("300", "3600")
        case .slots, .role, .subscriptions, .all: (nil, nil)
        }
    }
}

/// The checks of one view.
package struct Checks: Sendable {
    private let view: FleetView
    private let findings: [Finding]
    private let warning: MonitoringRange?
    private let critical: MonitoringRange?

    /// The answer of one view.
    package static func result(_ question: CheckQuestion, of view: FleetView) -> CheckResult {
        Checks(view, warning: question.warning, critical: question.critical).result(question.kind, role: question.role)
    }

    package init(_ view: FleetView, warning: MonitoringRange?, critical: MonitoringRange?) {
        self.view = view
        findings = Findings.all(of: view).filter { $0.silence == nil }
        self.warning = warning
        self.critical = critical
    }

    package func result(_ kind: CheckKind, role: ServerRole?) -> CheckResult {
        switch kind {
        case .role: result(kind, roles(role), well: "all roles are as they should be")
        case .lag: lag()
        case .slots: slots()
        case .wal: wal()
        case .archive: archive()
        case .subscriptions: subscriptions()
        case .all: result(kind, everything, well: Headline(Topology(view, findings: findings)).text)
        }
    }

    private func result(_ kind: CheckKind, _ parts: [CheckResult.Part], _ performance: [CheckResult.Performance] = [], well: String) -> CheckResult {
        // Servers that are down first: of them nothing else is known.
        CheckResult(name: kind.rawValue, parts: absent + parts, performance: performance, wellText: well)
    }

    /// Targets that are down, or did not answer.
    private var absent: [CheckResult.Part] {
        view.reports.compactMap { report in
            switch report.outcome {
            case .up: nil
            case .down(let reason): .init(.critical, "\(report.name) is down: \(reason)")
            case .unanswered(let reason): .init(.unknown, "\(report.name): \(reason)")
            }
        }
    }

    private func status(_ value: Double) -> CheckResult.Status {
        if critical?.alerts(value) == true { return .critical }
        return warning?.alerts(value) == true ? .warning : .ok
    }

    private func measure(_ label: String, _ value: Double, _ unit: MonitoringRange.Unit) -> CheckResult.Performance {
        .init(label: label, value: value, unit: unit, warning: warning, critical: critical)
    }

    // MARK: role

    private func roles(_ wanted: ServerRole?) -> [CheckResult.Part] {
        view.servers.map { server in
            let role = server.snapshot.role
            guard let expected = wanted ?? server.expectations.role else { return .init(.ok, "\(server.target) is a \(role.rawValue)") }
            return role == expected
                ? .init(.ok, "\(server.target) is a \(role.rawValue)")
                : .init(.critical, "\(server.target) is a \(role.rawValue), and should be a \(expected.rawValue)")
        }
    }

    // MARK: lag

    private func lag() -> CheckResult {
        var parts: [CheckResult.Part] = []
        var performance: [CheckResult.Performance] = []
        // A clone has no primary to be behind of.
        let standbys = view.servers.filter { $0.snapshot.role == .standby && !$0.expectations.isDetached }
        for standby in standbys {
            // That it receives nothing is for the rules to say: one that has just started, that replays its own pg_wal first or recovers to a point
            // in time receives nothing either.
            let cutOff = findings.filter { Self.cutsOff.contains($0.code) && ($0.standby ?? $0.target) == standby.target && $0.severity != .notice }
                .max { $0.severity > $1.severity }
            let named = cutOff.map { CheckResult.Part($0.severity == .critical ? .critical : .warning, "\(standby.target): \($0.code.rawValue)") }
            guard let lag = Self.lag(of: standby) else {
                parts.append(named ?? .init(.unknown, "\(standby.target): its lag is not known"))
                continue
            }
            let delay = Self.delay(of: standby)
            let late = Lag(seconds: max(lag.seconds - delay, 0), isLowerBound: lag.isLowerBound)
            let wanted = delay > 0 ? ", \(HumanText.duration(delay)) of it on purpose" : ""
            parts.append(.init(status(late), "\(standby.target) is \(lag.text) behind\(wanted)"))
            if let named { parts.append(named) }
            if !late.isLowerBound { performance.append(measure(standby.target, late.seconds, .seconds)) }
        }
        // Standbys that are not asked themselves.
        for server in view.servers {
            for (walsender, receiver) in zip(server.snapshot.walsenders ?? [], view.receivers(at: server))
            where receiver == nil && walsender.replayed != nil {
                let name = "\(server.target) to \(walsender.applicationName)"
                guard let seconds = walsender.replayAge else {
                    parts.append(.init(.unknown, "\(name): its lag is not known"))
                    continue
                }
                let lag = Lag(seconds: seconds, isLowerBound: walsender.ageIsLowerBound)
                parts.append(.init(status(lag), "\(name): \(lag.text) behind"))
                if !lag.isLowerBound { performance.append(measure(name, seconds, .seconds)) }
            }
        }
        if parts.isEmpty, !view.servers.isEmpty { parts.append(.init(.ok, "there is no standby")) }
        return result(.lag, parts, performance, well: "\(parts.count) standbys, none is late")
    }

    /// What keeps a standby from receiving.
    private static let cutsOff: Set<FindingCode> = [.standbyNotStreaming, .slotMissingAtUpstream, .walGoneAtUpstream, .standbyDiverged]

    /// How late a standby is on purpose, in seconds, as `pgwal_delay_expected_seconds` has it.
    private static func delay(of standby: FleetServer) -> Double {
        max(standby.expectations.delaySeconds ?? 0, standby.snapshot.settings?.recoveryMinApplyDelaySeconds ?? 0)
    }

    /// Seconds, or what is the least that they can be.
    private struct Lag {
        var seconds: Double
        var isLowerBound: Bool

        var text: String {
            (isLowerBound ? "at least " : "") + Checks.age(seconds)
        }
    }

    private static func age(_ seconds: Double) -> String {
        seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : HumanText.duration(seconds)
    }

    /// By the primary's clock where it is known, which is right for one that is cut off as well; else by its own.
    private static func lag(of standby: FleetServer) -> Lag? {
        if let behind = standby.report.behindPrimary {
            return behind.mostSeconds.map { Lag(seconds: $0, isLowerBound: false) } ?? Lag(seconds: behind.seconds, isLowerBound: true)
        }
        guard standby.isStreaming == true, let recovery = standby.snapshot.recovery else { return nil }
        return recovery.replayLag.map { Lag(seconds: $0, isLowerBound: recovery.replayLagIsLowerBound) }
    }

    /// Of a lower bound, what is critical however much more it is: nothing else is known.
    private func status(_ lag: Lag) -> CheckResult.Status {
        guard lag.isLowerBound else { return status(lag.seconds) }
        return critical.map { $0.alerts(lag.seconds) && $0.alertsAbove(lag.seconds) } == true ? .critical : .unknown
    }

    // MARK: slots, archive, subscriptions: what is found, and thresholds

    private func slots() -> CheckResult {
        var parts = found { code in code.rawValue.hasPrefix("slot_") && code != .slotRetentionUnlimited }
        var performance: [CheckResult.Performance] = []
        var count = 0
        for server in view.servers {
            guard let slots = server.snapshot.slots else {
                parts.append(.init(.unknown, "\(server.target): its slots are not known"))
                continue
            }
            for slot in slots where !slot.isTemporary && !slot.isServersOwn {
                count += 1
                guard let bytes = slot.retainedBytes else { continue }
                let status = status(Double(bytes))
                if status != .ok { parts.append(.init(status, "slot \(slot.name) at \(server.target) keeps \(HumanText.bytes(bytes))")) }
                performance.append(measure("\(server.target) \(slot.name)", Double(bytes), .bytes))
            }
        }
        if parts.isEmpty, !view.servers.isEmpty { parts.append(.init(.ok, "\(count) slots, all are well")) }
        return result(.slots, parts, performance, well: "\(count) slots, all are well")
    }

    private func wal() -> CheckResult {
        var parts: [CheckResult.Part] = []
        var performance: [CheckResult.Performance] = []
        for server in view.servers {
            let size = server.snapshot.walDirectory.map { "pg_wal holds \(HumanText.bytes($0.bytes))" } ?? "the size of pg_wal is not known"
            if let bytes = server.snapshot.walDirectory?.bytes {
                performance.append(.init(label: "\(server.target) pg_wal", value: Double(bytes), unit: .bytes))
            }
            guard let filesystem = server.snapshot.walFilesystem, filesystem.sizeBytes > 0 else {
                parts.append(.init(.unknown, "\(server.target): \(size), and its filesystem is not seen from here"))
                continue
            }
            let free = Double(filesystem.availableBytes) / Double(filesystem.sizeBytes) * 100
            performance.append(measure("\(server.target) free", free, .percent))
            parts.append(.init(status(free), "\(server.target): \(size), \(Int(free)) % of its filesystem is free"))
        }
        return result(.wal, parts, performance, well: "\(parts.count) servers, all have room for WAL")
    }

    private func archive() -> CheckResult {
        var parts = found { [.archiverFailing, .archiveBacklogOld].contains($0) }
        var performance: [CheckResult.Performance] = []
        for server in view.servers where server.snapshot.settings?.archiveMode.map({ $0 != "off" }) ?? true {
            guard let status = server.snapshot.archiveStatus else {
                parts.append(.init(.unknown, "\(server.target): what waits to be archived is not known"))
                continue
            }
            let age = status.oldestAge ?? 0
            performance.append(measure(server.target, age, .seconds))
            parts.append(.init(self.status(age), "\(server.target): \(status.ready) files wait to be archived, for \(Self.age(age)) at most"))
        }
        if parts.isEmpty, !view.servers.isEmpty { parts.append(.init(.ok, "no server archives")) }
        return result(.archive, parts, performance, well: "\(parts.count) servers, none is late in archiving")
    }

    private func subscriptions() -> CheckResult {
        var parts: [CheckResult.Part] = []
        for server in view.servers {
            guard let subscriptions = server.snapshot.subscriptions else {
                parts.append(.init(.unknown, "\(server.target): its subscriptions are not known"))
                continue
            }
            for one in subscriptions {
                let name = "subscription \(one.name) at \(server.target)"
                switch (one.isEnabled, one.isRunning) {
                case (false, _): parts.append(.init(.warning, "\(name) is disabled"))
                case (true, true?): parts.append(.init(.ok, "\(name) is applied"))
                case (true, false?): parts.append(.init(.critical, "\(name) is not applied: its worker does not run"))
                case (true, nil): parts.append(.init(.unknown, "\(name): whether its worker runs is not known"))
                }
            }
        }
        if parts.isEmpty, !view.servers.isEmpty { parts.append(.init(.ok, "there is no subscription")) }
        return result(.subscriptions, parts, well: "\(parts.count) subscriptions, all are applied")
    }

    // MARK: all

    private var everything: [CheckResult.Part] {
        let parts = found { $0 != .targetDown }
        let well = CheckResult.Part(.ok, Headline(Topology(view, findings: findings)).text)
        return parts.isEmpty && absent.isEmpty && !view.reports.isEmpty ? [well] : parts
    }

    /// What was found of some kinds; notices are for people at leisure.
    private func found(_ isOfKind: (FindingCode) -> Bool) -> [CheckResult.Part] {
        findings.filter { isOfKind($0.code) && $0.severity != .notice }.map {
            .init($0.severity == .critical ? .critical : .warning, $0.summary.hasSuffix(".") ? String($0.summary.dropLast()) : $0.summary)
        }
    }
}
