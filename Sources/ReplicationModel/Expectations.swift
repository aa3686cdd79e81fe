/// What somebody relies on at one server, and wants to hear of when it is absent.
package struct Expectations: Sendable, Hashable {
    /// The role that the server should have; nil: either.
    package var role: ServerRole?
    /// No (name, source) twice.
    package var slots: [ExpectedSlot]
    /// No (application name, source) twice.
    package var standbys: [ExpectedStandby]
    /// A clone or copy: of the system identifier of others, and none of theirs.
    package var isDetached = false
    /// How late the standby is on purpose, in seconds; nil: nobody said.
    package var delaySeconds: Double?

    /// Expects nothing by default.
    package init(role: ServerRole? = nil, slots: [ExpectedSlot] = [], standbys: [ExpectedStandby] = []) {
        self.role = role
        self.slots = slots
        self.standbys = standbys
    }
}

/// Who expects something.
package enum ExpectationSource: String, Sendable, Hashable, CaseIterable {
    /// `expect:` in the exporter's configuration.
    case config
    /// Patroni's REST interface.
    case patroni
}

/// In which role of the server something is expected of it. While it has the other one, nothing is missing.
package enum ExpectationScope: String, Sendable, Hashable, CaseIterable {
    case any, primary, standby

    /// Whether a server of this role is meant.
    package func applies(to role: ServerRole) -> Bool {
        switch self {
        case .any: true
        case .primary: role == .primary
        case .standby: role == .standby
        }
    }
}

/// A replication slot that should exist.
package struct ExpectedSlot: Sendable, Hashable {
    package var name: String
    /// nil: of either type.
    package var type: Slot.SlotType?
    package var scope: ExpectationScope
    package var source: ExpectationSource

    package init(name: String, type: Slot.SlotType?, scope: ExpectationScope, source: ExpectationSource) {
        self.name = name
        self.type = type
        self.scope = scope
        self.source = source
    }
}

/// A standby, or another receiver of WAL, that should be connected.
package struct ExpectedStandby: Sendable, Hashable {
    /// `pg_stat_replication.application_name`
    package var applicationName: String
    package var scope: ExpectationScope
    package var source: ExpectationSource

    package init(applicationName: String, scope: ExpectationScope, source: ExpectationSource) {
        self.applicationName = applicationName
        self.scope = scope
        self.source = source
    }
}
