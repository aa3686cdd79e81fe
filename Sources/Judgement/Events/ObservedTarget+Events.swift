package import ReplicationModel

extension ObservedTarget {
    /// Takes in what a target says now.
    /// - Parameter time: when it said so, Unix time.
    /// - Returns: what has changed since the look before; nothing at the first one.
    package static func events(of report: TargetReport, at time: Double, after former: inout ObservedTarget?) -> [Event] {
        let present = ObservedTarget(report, after: former)
        defer { former = present }
        guard let before = former, before != present else { return [] }
        var changes = Changes(target: report.name, time: time)
        changes.note(report, before, present)
        return changes.events
    }
}

/// Puts what has changed into words.
private struct Changes {
    let target: String
    let time: Double
    var events: [Event] = []

    init(target: String, time: Double) {
        self.target = target
        self.time = time
    }

    private mutating func add(_ kind: Event.Kind, subject: String? = nil, _ before: String? = nil, _ after: String? = nil, _ text: String) {
        events.append(Event(kind, at: time, target: target, subject: subject, before: before, after: after, text))
    }

    mutating func note(_ report: TargetReport, _ before: ObservedTarget, _ now: ObservedTarget) {
        if before.isUp != now.isUp { answers(report, before.isUp, now.isUp) }
        if let was = before.systemKey, let is_ = now.systemKey, was != is_ {
            return add(.systemChanged, was, is_, "\(target) is another database than before: its system identifier is \(is_), and was \(was).")
        }
        if let was = before.postmasterStart, let start = now.postmasterStart, was != start {
            add(
                .serverRestarted,
                HumanText.time(was),
                HumanText.time(start),
                "The server of \(target) has been started anew, or is another one of its system."
            )
        }
        if let was = before.role, let role = now.role, was != role {
            let meaning = role == ServerRole.primary.rawValue ? "is the primary now: it was promoted" : "is a standby now"
            add(.roleChanged, was, role, "\(target) \(meaning).")
        }
        if let was = before.timeline, let timeline = now.timeline, was != timeline {
            add(.timelineChanged, "\(was)", "\(timeline)", "\(target) is on timeline \(timeline), and was on \(was).")
        }
        receiver(before, now)
        names(before.senders, now.senders)
        if before.slots != now.slots { slots(before.slots, now.slots) }
        synchronous(before.isSynchronousSatisfied, now.isSynchronousSatisfied)
        if before.settings != now.settings, !before.settings.isEmpty { settings(before.settings, now.settings) }
        for collector in now.failing where !before.failing.contains(collector) {
            add(.collectorFailed, subject: collector, nil, nil, "Collector \(collector) fails at \(target).")
        }
        for collector in before.failing where !now.failing.contains(collector) {
            add(.collectorWorks, subject: collector, nil, nil, "Collector \(collector) works again at \(target).")
        }
    }

    private mutating func answers(_ report: TargetReport, _ was: Bool?, _ isUp: Bool?) {
        if case .down(let reason) = report.outcome {
            add(.targetDown, was.map { $0 ? "up" : "down" }, "down", "\(target) does not answer: \(reason)")
        } else if isUp == true {
            add(.targetUp, was.map { $0 ? "up" : "down" }, "up", "\(target) answers.")
        }
    }

    private mutating func receiver(_ before: ObservedTarget, _ now: ObservedTarget) {
        if let was = before.upstream, let upstream = now.upstream, was != upstream {
            add(.upstreamChanged, was, upstream, "\(target) follows \(upstream), and followed \(was).")
        }
        if let was = before.isReceiving, let isReceiving = now.isReceiving, was != isReceiving {
            let upstream = now.upstream.map { " from \($0)" } ?? ""
            add(
                isReceiving ? .receiverUp : .receiverDown,
                was ? "streaming" : "not streaming",
                isReceiving ? "streaming" : "not streaming",
                isReceiving ? "\(target) streams\(upstream)." : "\(target) does not stream any more\(upstream)."
            )
        }
        if let was = before.replayPause, let pause = now.replayPause, was != pause {
            let isPaused = pause != ReplayPauseState.notPaused.rawValue
            add(
                isPaused ? .replayPaused : .replayResumed,
                was,
                pause,
                isPaused ? "Replay is paused at \(target) (\(pause))." : "Replay goes on at \(target)."
            )
        }
    }

    private mutating func names(_ before: [String]?, _ now: [String]?) {
        guard let before, let now, before != now else { return }
        let (were, are) = (Set(before), Set(now))
        for name in before where !are.contains(name) {
            add(.senderGone, subject: name, "streaming", nil, "\(name) does not stream from \(target) any more.")
        }
        for name in now where !were.contains(name) { add(.senderConnected, subject: name, nil, "streaming", "\(name) streams from \(target).") }
    }

    private mutating func slots(_ before: [ObservedTarget.Slot]?, _ now: [ObservedTarget.Slot]?) {
        guard let before, let now else { return }
        let were = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(now.map(\.name))
        for slot in before where !names.contains(slot.name) {
            add(.slotDropped, subject: slot.name, slot.isLost ? "lost" : "valid", nil, "Slot \(slot.name) is gone from \(target).")
        }
        for slot in now {
            guard let was = were[slot.name] else {
                add(.slotCreated, subject: slot.name, nil, slot.isLost ? "lost" : "valid", "Slot \(slot.name) is new at \(target).")
                continue
            }
            if slot.recreations > was.recreations || was.isLost && !slot.isLost {
                let former = was.isLost ? "lost" : "another one"
                add(
                    .slotRecreated,
                    subject: slot.name,
                    former,
                    "valid",
                    "Slot \(slot.name) at \(target) was made anew: the former one was \(former)."
                )
            }
            if slot.isLost, !was.isLost {
                add(.slotLost, subject: slot.name, "valid", "lost", "Slot \(slot.name) at \(target) is lost: what its consumer lacks may be gone.")
            }
        }
    }

    private mutating func synchronous(_ was: Bool?, _ isSatisfied: Bool?) {
        guard let was, let isSatisfied, was != isSatisfied else { return }
        add(
            isSatisfied ? .synchronousRestored : .synchronousLost,
            was ? "enough standbys" : "too few standbys",
            isSatisfied ? "enough standbys" : "too few standbys",
            isSatisfied
                ? "There are enough synchronous standbys at \(target)." : "There are too few synchronous standbys at \(target): commits may wait."
        )
    }

    private mutating func settings(_ before: [String: String], _ now: [String: String]) {
        for name in Set(before.keys).union(now.keys).sorted() where before[name] != now[name] {
            let (was, value) = (before[name].map(quoted) ?? "not set", now[name].map(quoted) ?? "not set")
            add(.settingChanged, subject: name, before[name], now[name], "\(name) at \(target) is \(value), and was \(was).")
        }
    }

    private func quoted(_ value: String) -> String { value.isEmpty ? "empty" : value }
}
