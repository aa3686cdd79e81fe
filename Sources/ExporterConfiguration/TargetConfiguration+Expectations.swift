extension TargetConfiguration {
    /// What somebody relies on at a server, and wants to hear of when it is absent.
    package struct Expectations: Sendable, Hashable {
        /// The role that the server should have.
        package var role: Role
        /// Slots that should exist, in the order of the file; no name twice.
        package var slots: [Slot]
        /// Standbys that should be connected, in the order of the file; no name twice.
        package var standbys: [Standby]

        /// A clone or copy with a life of its own: no member of the family whose system identifier it has.
        package var isDetached = false
        /// How late the standby is on purpose; nil: nothing is said of it.
        package var delay: Duration?

        /// Expects nothing by default: any role, no slot, no standby.
        package init(role: Role = .any, slots: [Slot] = [], standbys: [Standby] = []) {
            self.role = role
            self.slots = slots
            self.standbys = standbys
        }
    }

    /// The role that a server should have, or in which something is expected of it.
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// Either: the role may change with a failover.
        case any
        /// Accepts writes.
        case primary
        /// Is in recovery.
        case standby
    }

    /// A replication slot that should exist.
    package struct Slot: Sendable, Hashable {
        /// What a slot is for.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// Streaming replication.
            case physical
            /// Logical decoding.
            case logical
        }

        /// The slot's name: 1 to 63 of a-z, 0-9 and _.
        package var name: String
        /// The slot's type; nil: either will do.
        package var kind: Kind?
        /// The slot is expected while the server has this role.
        package var on: Role

        /// By default a slot of either type is expected on a primary.
        package init(name: String, kind: Kind? = nil, on: Role = .primary) {
            self.name = name
            self.kind = kind
            self.on = on
        }
    }

    /// A standby (or another receiver of WAL) that should be connected.
    package struct Standby: Sendable, Hashable {
        /// The `application_name` it shows in `pg_stat_replication`.
        package var applicationName: String
        /// The standby is expected while the server that it should be connected to has this role.
        package var on: Role

        /// By default a standby is expected to be connected to a primary.
        package init(applicationName: String, on: Role = .primary) {
            self.applicationName = applicationName
            self.on = on
        }
    }
}
