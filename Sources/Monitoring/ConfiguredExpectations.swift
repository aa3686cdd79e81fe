import ExporterConfiguration
import ReplicationModel

extension Expectations {
    /// What the configuration expects of a target.
    init(_ configured: TargetConfiguration.Expectations) {
        self.init(
            role: ServerRole(configured.role),
            slots: configured.slots.map {
                ExpectedSlot(name: $0.name, type: $0.kind.map(Slot.SlotType.init), scope: ExpectationScope($0.on), source: .config)
            },
            standbys: configured.standbys.map {
                ExpectedStandby(applicationName: $0.applicationName, scope: ExpectationScope($0.on), source: .config)
            }
        )
        isDetached = configured.isDetached
        delaySeconds = configured.delay.map { $0 / .seconds(1) }
    }

    /// Adds what others expect; of two with one name and source the first counts, for a page may hold a series but once.
    mutating func add(_ other: Expectations) {
        role = role ?? other.role
        for slot in other.slots where !slots.contains(where: { $0.name == slot.name && $0.source == slot.source }) { slots.append(slot) }
        for standby in other.standbys
        where !standbys.contains(where: { $0.applicationName == standby.applicationName && $0.source == standby.source }) {
            standbys.append(standby)
        }
    }
}

extension ServerRole {
    /// nil: either.
    init?(_ role: TargetConfiguration.Role) {
        switch role {
        case .any: return nil
        case .primary: self = .primary
        case .standby: self = .standby
        }
    }
}

extension ExpectationScope {
    fileprivate init(_ role: TargetConfiguration.Role) {
        switch role {
        case .any: self = .any
        case .primary: self = .primary
        case .standby: self = .standby
        }
    }
}

extension Slot.SlotType {
    fileprivate init(_ kind: TargetConfiguration.Slot.Kind) {
        switch kind {
        case .physical: self = .physical
        case .logical: self = .logical
        }
    }
}
