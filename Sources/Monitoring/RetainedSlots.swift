import ReplicationModel

/// The slots of a Patroni cluster that were its members' or in its configuration not long ago: it keeps those of members that are away for
/// `member_slots_ttl` from 4.0 on, and takes a loop or two to drop what it does not want any more.
struct RetainedSlots: Sendable {
    /// When each was wanted last, and whether as a member's.
    private var wanted: [String: (at: MonotonicTime, isMembers: Bool)] = [:]

    /// Loops of 10 s by default, and one that is slow.
    static let settling = 60.0
    /// The first version that keeps them.
    private static let keepsAbsent = PatroniCluster.Version(major: 4, minor: 0)
    /// Names may come and go for ever.
    private static let most = 4096

    /// Follows what Patroni said.
    /// - Returns: the names of those that are not wanted any more, and that may still be there.
    mutating func update(_ cluster: PatroniCluster, at now: MonotonicTime) -> Set<String> {
        var present: Set<String> = []
        for slot in cluster.settings?.permanentSlots ?? [] {
            wanted[slot.name] = (now, false)
            present.insert(slot.name)
        }
        for member in cluster.members {
            let slot = PatroniSlotName.derived(from: member.name)
            wanted[slot] = (now, true)
            present.insert(slot)
        }
        let keepsAbsent = cluster.version.map { $0 >= Self.keepsAbsent } ?? true
        let ttl = keepsAbsent ? cluster.settings?.memberSlotsTTLSeconds ?? 1800 : 0
        wanted = wanted.filter { now.seconds(since: $1.at) <= Self.settling + ($1.isMembers ? ttl : 0) }
        if wanted.count > Self.most { wanted = wanted.filter { present.contains($0.key) } }
        return Set(wanted.keys).subtracting(present)
    }
}
