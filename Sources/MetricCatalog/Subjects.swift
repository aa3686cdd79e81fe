import Exposition
import ReplicationModel

/// A kind of thing that metrics speak of (the server, each slot, each walsender …) and the labels that name one.
struct Subjects<Subject>: Sendable {
    let labels: [String]
    let visit: @Sendable (TargetView, (Subject, LabelSet) -> Void) -> Void

    init(_ labels: [String], _ visit: @escaping @Sendable (TargetView, (Subject, LabelSet) -> Void) -> Void) {
        self.labels = labels
        self.visit = visit
    }
}

extension Subjects where Subject == TargetReport {
    /// Every configured target, also one that is down.
    static var target: Self {
        Subjects([]) { view, visit in visit(view.report, view.labels) }
    }
}

extension Subjects where Subject == ServerSnapshot {
    /// Every target that is up.
    static var server: Self {
        Subjects([]) { view, visit in
            if let snapshot = view.report.snapshot { visit(snapshot, view.labels) }
        }
    }
}

extension Subjects where Subject == WALRetention {
    /// Of every target of which it is known.
    static var walRetention: Self {
        Subjects([]) { view, visit in
            if let retention = view.walRetention { visit(retention, view.labels) }
        }
    }
}

extension Subjects where Subject == WalsenderGroup {
    static var walsender: Self {
        Subjects(TargetView.walsenderLabels) { view, visit in
            for walsender in view.walsenders { visit(walsender.subject, walsender.labels) }
        }
    }
}

extension Subjects where Subject == BaseBackup {
    static var baseBackup: Self {
        Subjects(TargetView.walsenderLabels) { view, visit in
            for backup in view.baseBackups { visit(backup.subject, backup.labels) }
        }
    }
}

extension Subjects where Subject == Slot {
    static var slot: Self {
        Subjects(TargetView.slotLabels) { view, visit in
            for slot in view.slots { visit(slot.subject, slot.labels) }
        }
    }
}

extension Subjects where Subject == SlotStatistics {
    /// Not of slots that share a series: a sum of counters that come and go is no counter.
    static var slotStatistics: Self {
        Subjects(TargetView.slotLabels) { view, visit in
            for slot in view.report.snapshot?.slotStatistics ?? [] where view.seriesName(ofSlot: slot.name) == slot.name {
                visit(slot, view.logicalSlot(slot.name))
            }
        }
    }
}

extension Subjects where Subject == SlotStatistics {
    /// Of servers in one role.
    static func slotStatistics(on role: ServerRole) -> Self {
        Subjects(TargetView.slotLabels) { view, visit in
            guard view.report.snapshot?.role == role else { return }
            Subjects.slotStatistics.visit(view, visit)
        }
    }
}

extension Subjects where Subject == SlotRecord {
    static var slotRecord: Self {
        Subjects(TargetView.slotLabels) { view, visit in
            for record in view.slotRecords { visit(record.subject, record.labels) }
        }
    }
}

extension Subjects where Subject == SlotSpill {
    /// Slots that share a series together.
    static var slotSpill: Self {
        Subjects(TargetView.slotLabels) { view, visit in
            var folded: [SlotSpill] = []
            var index: [String: Int] = [:]
            for slot in view.report.snapshot?.slotSpill ?? [] {
                let name = view.seriesName(ofSlot: slot.name)
                if let known = index[name] {
                    folded[known].bytes = folded[known].bytes +| slot.bytes
                } else {
                    index[name] = folded.count
                    folded.append(SlotSpill(name: name, bytes: slot.bytes))
                }
            }
            for slot in folded { visit(slot, view.logicalSlot(slot.name)) }
        }
    }
}

extension Subjects where Subject == Subscription {
    static var subscription: Self {
        Subjects(TargetView.subscriptionLabels) { view, visit in
            for one in view.report.snapshot?.subscriptions ?? [] { visit(one, view.subscription(one.name, one.database)) }
        }
    }
}

extension Subjects where Subject == SubscriptionTables {
    static var subscriptionTables: Self {
        Subjects(TargetView.subscriptionLabels) { view, visit in
            for one in view.report.snapshot?.subscriptionTables ?? [] { visit(one, view.subscription(one.subscription, one.database)) }
        }
    }
}

extension Subjects where Subject == SubscriptionStatistics {
    static var subscriptionStatistics: Self {
        Subjects(TargetView.subscriptionLabels) { view, visit in
            for one in view.report.snapshot?.subscriptionStatistics ?? [] { visit(one, view.subscription(one.subscription, one.database)) }
        }
    }
}

extension Subjects where Subject == Slot {
    /// Slots of servers in one role.
    static func slot(on role: ServerRole) -> Self {
        Subjects(TargetView.slotLabels) { view, visit in
            guard view.report.snapshot?.role == role else { return }
            Subjects.slot.visit(view, visit)
        }
    }
}

extension Subjects where Subject == (Slot, majorVersion: Int) {
    static var slotWithVersion: Self {
        Subjects(TargetView.slotLabels) { view, visit in
            guard let version = view.report.snapshot?.identity.majorVersion else { return }
            for slot in view.slots { visit((slot.subject, version), slot.labels) }
        }
    }
}
