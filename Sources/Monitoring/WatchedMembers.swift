import ReplicationModel

/// Which members of one Patroni cluster are targets. Never more than the limit, and no two at one address, whatever Patroni lists: each
/// is a connection to a server.
struct WatchedMembers: Sendable {
    struct Member: Sendable, Hashable {
        var name: String
        /// Where it is looked for, and what else leads to it.
        var addresses: [ServerAddress]
        /// When Patroni listed it last.
        var lastListed: MonotonicTime
    }

    /// A member that Patroni does not list any more stays a target for this long: that it is gone is worth an alert, and `up 0` is one.
    static let retention = 3600.0

    var limit: Int
    /// The listed ones in the order of the list, then those that are gone, the last one first.
    private(set) var members: [Member] = []
    /// Which members are not watched, and why, in words for people; empty when all are.
    private(set) var omissions: [String] = []
    /// The names of these members, by why; each reason is there once something was listed.
    private(set) var unwatched: [PatroniCluster.UnwatchedReason: [String]] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Follows what Patroni lists.
    /// - Parameters:
    ///   - isTarget: whether an address is a target already, without Patroni.
    ///   - isOutside: whether an address is not where members may be.
    mutating func update(
        _ listed: [PatroniMember],
        isTarget: (ServerAddress) -> Bool,
        isOutside: (ServerAddress) -> Bool = { _ in false },
        at now: MonotonicTime
    ) {
        let known = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        var candidates: [(member: Member, isLeader: Bool)] = []
        var omitted = Omitted()
        for member in listed {
            // One whose address is not told for once is still where it was.
            let told = member.addresses.isEmpty ? known[member.name]?.addresses ?? [] : member.addresses
            if told.isEmpty { omitted.withoutAddress.append(member.name) }
            if told.isEmpty || told.contains(where: isTarget) { continue }
            let addresses = told.filter { !isOutside($0) }
            if addresses.isEmpty {
                omitted.outside.append(member.name)
                continue
            }
            candidates.append((Member(name: member.name, addresses: addresses, lastListed: now), member.isLeader))
        }

        // Who is watched stays: only so is a connection kept.
        var owners: [ServerAddress: String] = [:]
        for isKnown in [true, false] {
            for (member, _) in candidates where (known[member.name] != nil) == isKnown {
                for address in member.addresses where owners[address.normalized] == nil { owners[address.normalized] = member.name }
            }
        }
        candidates.removeAll { member, _ in
            guard let other = member.addresses.lazy.compactMap({ owners[$0.normalized] }).first(where: { $0 != member.name }) else { return false }
            omitted.atOthers.append("\(member.name) (\(other))")
            return true
        }
        if candidates.count > limit {
            // The leader before all, then who is watched, then as they are listed.
            let order = candidates.indices.sorted { one, other in
                func rank(_ index: Int) -> Int { candidates[index].isLeader ? 0 : known[candidates[index].member.name] != nil ? 1 : 2 }
                return (rank(one), one) < (rank(other), other)
            }
            omitted.beyondLimit = order.dropFirst(limit).sorted().map { candidates[$0].member.name }
            candidates = order.prefix(limit).sorted().map { candidates[$0] }
        }

        let names = Set(listed.map(\.name))
        let gone = members.filter { !names.contains($0.name) && now.seconds(since: $0.lastListed) <= Self.retention }
        members = candidates.map(\.member)
        keep(gone, besides: owners)
        omissions = omitted.texts(limit)
        unwatched = omitted.names
    }

    /// Keeps those that are gone where there is room for them: those that were listed last, one at each address.
    private mutating func keep(_ gone: [Member], besides owners: [ServerAddress: String]) {
        var taken = Set(owners.keys)
        let order = gone.indices.sorted { one, other in
            gone[one].lastListed == gone[other].lastListed ? one < other : gone[one].lastListed > gone[other].lastListed
        }
        for index in order where members.count < limit {
            let addresses = gone[index].addresses.map(\.normalized)
            guard taken.isDisjoint(with: addresses) else { continue }
            taken.formUnion(addresses)
            members.append(gone[index])
        }
    }

    private struct Omitted {
        var withoutAddress: [String] = []
        var outside: [String] = []
        var atOthers: [String] = []
        var beyondLimit: [String] = []

        var names: [PatroniCluster.UnwatchedReason: [String]] {
            [.withoutAddress: withoutAddress, .outside: outside, .atOthers: atOthers, .beyondLimit: beyondLimit]
        }

        func texts(_ limit: Int) -> [String] {
            [
                (withoutAddress, "have no usable address"), (outside, "are outside members_within"), (atOthers, "are at the address of another one"),
                (beyondLimit, "are beyond max_members, \(limit)"),
            ].filter { !$0.0.isEmpty }.map { names, why in
                "members that are not watched, for they \(why): \(names.prefix(5).joined(separator: ", "))"
                    + (names.count > 5 ? " and \(names.count - 5) more" : "")
            }
        }
    }
}
