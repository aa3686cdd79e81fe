/// Expected versus actual. nil: the server did not say.
extension ExpectedSlot {
    /// The slot should be there, in the role that the server has now, and is not. A lost slot is there; see `Slot.isInvalidated`.
    package func isMissing(in snapshot: ServerSnapshot) -> Bool? {
        guard scope.applies(to: snapshot.role) else { return false }
        guard let slots = snapshot.slots else { return nil }
        return !slots.contains { $0.name == name && (type == nil || $0.type == type) }
    }
}

extension ExpectedStandby {
    /// The standby should be connected, in the role that the server has now, and is not. A walsender that is still starting up, as at every
    /// retry of a standby whose slot is missing, and one that sends a base backup do not count.
    package func isMissing(in snapshot: ServerSnapshot) -> Bool? {
        guard scope.applies(to: snapshot.role) else { return false }
        guard let walsenders = snapshot.walsenders else { return nil }
        if walsenders.contains(where: { $0.applicationName == applicationName && [.streaming, .catchup].contains($0.state) }) { return false }
        return snapshot.hiddenWalsenders == 0 ? true : nil
    }
}

extension Expectations {
    /// The server has another role than the expected one; false when either will do.
    package func isRoleMismatched(in snapshot: ServerSnapshot) -> Bool {
        role.map { $0 != snapshot.role } ?? false
    }
}
