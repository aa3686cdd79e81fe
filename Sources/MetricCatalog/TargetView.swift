import Exposition
import Judgement
import ReplicationModel

/// A report prepared for rendering: duplicates folded, and the labels of every subject rendered once for all metrics that use them.
///
/// A class, because every metric's closure is handed it.
final class TargetView: Sendable {
    static let walsenderLabels = ["application_name", "client_addr", "slot_name"]
    static let slotLabels = ["slot_name", "slot_type"]
    static let subscriptionLabels = ["subscription", "database"]

    let report: TargetReport
    /// What is wrong at this target.
    let findings: [Finding]
    let labels: LabelSet
    let walsenders: [Labelled<WalsenderGroup>]
    let baseBackups: [Labelled<BaseBackup>]
    let slots: [Labelled<Slot>]
    let slotRecords: [Labelled<SlotRecord>]
    /// What keeps pg_wal; nil where that is not known.
    let walRetention: WALRetention?
    /// Of slots that share a series by a name that is not theirs: that name.
    private let sharedNames: [String: String]

    struct Labelled<Subject: Sendable>: Sendable {
        let subject: Subject
        let labels: LabelSet
    }

    init(_ report: TargetReport, findings: [Finding] = []) {
        let labels = LabelSet([Label(name: "target", value: report.name)] + report.labels.map { Label(name: $0.name, value: $0.value) })
        self.report = report
        self.findings = findings
        self.labels = labels
        let snapshot = report.snapshot
        self.walRetention = snapshot.flatMap(WALRetention.init)
        self.walsenders = WalsenderGroup.grouping(snapshot?.walsenders ?? []).map { group in
            Labelled(subject: group, labels: Self.walsender(group.key, labels))
        }
        self.baseBackups = BaseBackup.folding(snapshot?.baseBackups ?? []).map { backup in
            Labelled(subject: backup, labels: Self.walsender(backup.key, labels))
        }
        self.slots = Slot.folding(snapshot?.slots ?? []).map { slot in
            Labelled(subject: slot, labels: labels.appending(Self.slotLabels, slot.seriesName, slot.type.rawValue))
        }
        // Nearly all are of slots that there are, in the same order: their labels are there already.
        var place = slots.startIndex
        self.slotRecords = (snapshot?.slotRecords ?? []).map { [slots] record in
            while place < slots.endIndex, slots[place].subject.isPassing { place += 1 }
            defer { place += 1 }
            if place < slots.endIndex, slots[place].subject.name == record.name, slots[place].subject.type == record.type {
                return Labelled(subject: record, labels: slots[place].labels)
            }
            return Labelled(subject: record, labels: labels.appending(Self.slotLabels, record.name, record.type.rawValue))
        }
        let passing = (snapshot?.slots ?? []).filter(\.isPassing)
        self.sharedNames = Dictionary(passing.map { ($0.name, $0.seriesName) }) { one, _ in one }
    }

    /// The snapshot of a target that is up, else the last one that there was.
    var lastKnown: ServerSnapshot? {
        if let snapshot = report.snapshot { return snapshot }
        if case .snapshot(let snapshot, _)? = report.lastSeen { return snapshot }
        return nil
    }

    func walsender(_ key: WalsenderKey) -> LabelSet {
        Self.walsender(key, labels)
    }

    private static func walsender(_ key: WalsenderKey, _ labels: LabelSet) -> LabelSet {
        labels.appending(walsenderLabels, key.applicationName, key.clientAddress, key.slotName)
    }

    /// The name that series of a slot carry, which other views know by its own name alone.
    func seriesName(ofSlot name: String) -> String {
        sharedNames[name] ?? Slot.seriesName(name, isTemporary: false)
    }

    func logicalSlot(_ name: String) -> LabelSet {
        slot(name, .logical)
    }

    func slot(_ name: String, _ type: Slot.SlotType) -> LabelSet {
        labels.appending(Self.slotLabels, name, type.rawValue)
    }

    func expectation(_ name: String, _ value: String, _ source: ExpectationSource) -> LabelSet {
        labels.appending([name, "source"], value, source.rawValue)
    }

    func subscription(_ name: String, _ database: String) -> LabelSet {
        labels.appending(Self.subscriptionLabels, name, database)
    }
}

extension LabelSet {
    /// An absent value is the empty string, which Prometheus takes for an absent label.
    fileprivate func appending(_ names: [String], _ values: String?...) -> LabelSet {
        appending(zip(names, values).map { Label(name: $0, value: $1 ?? "") })
    }
}
