/// What there is at a server, for the question whether something expected is missing. Made once for all that is expected there.
package struct Presence: Sendable {
    private let role: ServerRole
    /// nil: the server did not say.
    private let slots: [String: Slot.SlotType]?
    private let standbys: Set<String>?
    private let hidesStandbys: Bool

    package init(_ snapshot: ServerSnapshot) {
        role = snapshot.role
        slots = snapshot.slots.map { Dictionary($0.map { ($0.name, $0.type) }) { first, _ in first } }
        // A walsender that is still starting up, as at every retry of a standby whose slot is missing, and one that sends a base backup do
        // not count.
        standbys = snapshot.walsenders.map { Set($0.filter { [.streaming, .catchup].contains($0.state) }.map(\.applicationName)) }
        hidesStandbys = snapshot.hiddenWalsenders != 0
    }

    /// Whether the slot should be there, in the role that the server has now, and is not; nil: the server did not say. A lost slot is there; see
    /// `Slot.isInvalidated`.
    package func isMissing(_ slot: ExpectedSlot) -> Bool? {
        guard slot.scope.applies(to: role) else { return false }
        guard let slots else { return nil }
        guard let type = slots[slot.name] else { return true }
        return slot.type.map { $0 != type } ?? false
    }

    /// Whether the standby should be connected, in the role that the server has now, and is not; nil: the server did not say.
    package func isMissing(_ standby: ExpectedStandby) -> Bool? {
        guard standby.scope.applies(to: role) else { return false }
        guard let standbys else { return nil }
        if standbys.contains(standby.applicationName) { return false }
        return hidesStandbys ? nil : true
    }
}

extension ExpectedSlot {
    /// See ``Presence``.
    package func isMissing(in snapshot: ServerSnapshot) -> Bool? { Presence(snapshot).isMissing(self) }
}

extension ExpectedStandby {
    /// See ``Presence``.
    package func isMissing(in snapshot: ServerSnapshot) -> Bool? { Presence(snapshot).isMissing(self) }
}

extension Expectations {
    /// The server has another role than the expected one; false when either will do.
    package func isRoleMismatched(in snapshot: ServerSnapshot) -> Bool {
        role.map { $0 != snapshot.role } ?? false
    }
}
