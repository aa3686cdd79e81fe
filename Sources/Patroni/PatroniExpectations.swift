package import ReplicationModel

/// What a Patroni cluster relies on, derived from its own picture of itself.
///
/// Scopes make a change of the leader harmless: what only the leader must have is expected of every member, for the time when it is a
/// primary by its own words, whatever the last poll of Patroni knew.
package struct PatroniExpectations: Sendable {
    /// The first version that keeps permanent physical slots on replicas too.
    static let permanentSlotsOnReplicas = PatroniCluster.Version(major: 3, minor: 2)

    private let cluster: PatroniCluster
    private let isStandbyCluster: Bool
    private let members: [String: PatroniMember]
    /// The names of the members' slots.
    private let memberSlots: Set<String>
    /// The members that stream from a certain other one.
    private let receiversOfMember: [String: [PatroniMember]]
    /// The members that stream from whoever leads.
    private let receiversOfLeader: [PatroniMember]

    /// Looks once at each member, so that what is expected of one of hundreds is found without a look at all pairs.
    package init(_ cluster: PatroniCluster) {
        self.cluster = cluster
        isStandbyCluster = cluster.isStandbyCluster
        members = Dictionary(cluster.members.map { ($0.name, $0) }) { first, _ in first }
        memberSlots = Set(cluster.members.map { PatroniSlotName.derived(from: $0.name) })
        var receiversOfMember: [String: [PatroniMember]] = [:]
        var receiversOfLeader: [PatroniMember] = []
        // The leader streams from nobody here. After a change of the leader it is expected as soon as Patroni tells that it runs again.
        for member in cluster.members where member.isRunning && !member.isLeader && !member.isNotStreaming {
            if let source = member.replicatesFrom, members[source] != nil {
                receiversOfMember[source, default: []].append(member)
            } else {
                receiversOfLeader.append(member)
            }
        }
        self.receiversOfMember = receiversOfMember
        self.receiversOfLeader = receiversOfLeader
    }

    /// The role that Patroni says a member's server has; nil when it is not listed.
    package func role(of member: String) -> ServerRole? {
        members[member].map { $0.isLeader && !$0.isStandbyLeader ? .primary : .standby }
    }

    /// The slots and standbys that a member should have, all with source `patroni`; none for a member that is not known to run. No role is
    /// expected: Patroni itself moves it.
    ///
    /// - Parameters:
    ///   - role: what is not expected in this role is left out. Every member may become the leader, and would then need a slot for each of
    ///     the others: told for all of them all the time, that is the square of their number. nil: nothing is left out.
    ///   - upstream: what a standby cluster relies on, of ``upstream(of:)``.
    package func expectations(of member: String, as role: ServerRole? = nil, adding upstream: [ExpectedSlot] = []) -> Expectations {
        guard let member = members[member], member.isRunning else { return Expectations() }
        func applies(_ scope: ExpectationScope) -> Bool { role.map(scope.applies) ?? true }
        let receivers = receivers(of: member, applies)
        var slots: [ExpectedSlot] = []
        // Without the settings nobody knows whether there are slots at all.
        if let settings = cluster.settings, settings.usesSlots {
            slots += receivers.map { Self.slot(PatroniSlotName.derived(from: $0.member.name), .physical, $0.scope) }
            slots += permanentSlots(of: member, settings).filter { applies($0.scope) }
        }
        let standbys = receivers.compactMap { receiver in
            MemberNames.applicationName(of: receiver.member.name)
                .map { ExpectedStandby(applicationName: $0, scope: receiver.scope, source: .patroni) }
        }
        return Expectations(slots: Self.unique(slots + upstream.filter { applies($0.scope) }), standbys: Self.unique(standbys))
    }

    /// Another member that streams from this one, or does so once this one leads.
    private struct Receiver {
        var member: PatroniMember
        var scope: ExpectationScope
    }

    private func receivers(of member: PatroniMember, _ applies: (ExpectationScope) -> Bool) -> [Receiver] {
        var receivers = (receiversOfMember[member.name] ?? []).map { Receiver(member: $0, scope: .any) }
        let scope: ExpectationScope? = isStandbyCluster ? (member.isStandbyLeader ? .any : nil) : .primary
        if let scope, applies(scope) { receivers += receiversOfLeader.map { Receiver(member: $0, scope: scope) } }
        return receivers.filter { $0.member.name != member.name }
    }

    private func permanentSlots(of member: PatroniMember, _ settings: PatroniSettings) -> [ExpectedSlot] {
        guard !member.isExcludedFromFailover else { return [] }
        let ownSlot = PatroniSlotName.derived(from: member.name)
        return settings.permanentSlots.compactMap { permanent in
            switch permanent.type {
            case .physical:
                // Nobody needs a slot for itself.
                guard permanent.name != ownSlot, isMeant(permanent) else { return nil }
                return scope(ofPhysicalSlotsAt: member).map { Self.slot(permanent.name, .physical, $0) }
            case .logical:
                // A member's slot of the same name wins. On replicas Patroni makes them by copying files and a restart, which may be
                // far in the future; standby clusters have none.
                guard !memberSlots.contains(permanent.name), !isStandbyCluster else { return nil }
                return Self.slot(permanent.name, .logical, .primary)
            }
        }
    }

    private func isMeant(_ slot: PatroniSettings.PermanentSlot) -> Bool {
        switch slot.clusterType {
        case "primary": !isStandbyCluster
        case "standby": isStandbyCluster
        default: true
        }
    }

    /// nil: none is expected there.
    private func scope(ofPhysicalSlotsAt member: PatroniMember) -> ExpectationScope? {
        if member.isStandbyLeader { return .any }
        if let version = cluster.version, version >= Self.permanentSlotsOnReplicas, !member.isNotStreaming { return .any }
        return isStandbyCluster ? nil : .primary
    }

    static func slot(_ name: String, _ type: Slot.SlotType, _ scope: ExpectationScope) -> ExpectedSlot {
        ExpectedSlot(name: name, type: type, scope: scope, source: .patroni)
    }

    /// One expectation for each name, of the wider scope.
    private static func unique(_ slots: [ExpectedSlot]) -> [ExpectedSlot] {
        var found: [String: ExpectedSlot] = [:]
        for slot in slots where found[slot.name] == nil || slot.scope == .any { found[slot.name] = slot }
        return found.values.sorted { $0.name < $1.name }
    }

    private static func unique(_ standbys: [ExpectedStandby]) -> [ExpectedStandby] {
        var found: [String: ExpectedStandby] = [:]
        for standby in standbys where found[standby.applicationName] == nil || standby.scope == .any { found[standby.applicationName] = standby }
        return found.values.sorted { $0.applicationName < $1.applicationName }
    }
}
