import ReplicationModel

/// What it takes to keep the WAL of a server for a consumer that is away for some time, and what would be lost as things are.
///
/// Pure arithmetic: bytes ÷ (bytes a second). Nothing in it is a guess; where a rate, a limit or a disk is not known, what follows from it is nil.
package struct OutagePlan: Sendable, Hashable {
    package var target: String
    /// How long the consumer is away, in seconds.
    package var outage: Double
    /// All rates that are known, of which the highest counts.
    package var rates: [WALRate]
    /// The WAL of that time, in bytes; nil without a rate.
    package var neededBytes: Int64?
    /// `max_slot_wal_keep_size`; nil: no limit.
    package var slotLimitBytes: Int64?
    /// `wal_keep_size`: what is kept for standbys without a slot.
    package var keepBytes: Int64?
    /// `max_wal_size`: what pg_wal holds between checkpoints, whoever is away.
    package var maxWALBytes: Int64?
    package var disk: Disk?
    /// What keeps pg_wal now, for people; nil where that is not known.
    package var keeping: String?
    package var slots: [SlotBudget]

    /// Where pg_wal is.
    package struct Disk: Sendable, Hashable {
        /// What may still be written there, in bytes: what is available, the segments that pg_wal has ready, and those that the next checkpoint frees.
        package var freeBytes: Int64
        /// It was told, and not seen.
        package var isGiven: Bool
    }

    /// How long the consumer of a slot may be away.
    package struct SlotBudget: Sendable, Hashable {
        package var name: String
        package var isActive: Bool
        package var retainedBytes: Int64?
        /// The limits that are known, the first to end first, in seconds from now.
        package var limits: [Limit]

        /// What ends first; nil when nothing is known to end it.
        package var first: Limit? { limits.first }
    }

    package struct Limit: Sendable, Hashable {
        package var cause: Cause
        package var seconds: Double

        package enum Cause: String, Sendable, Hashable, CaseIterable {
            /// `max_slot_wal_keep_size`
            case slotLimit = "max_slot_wal_keep_size"
            /// The filesystem of pg_wal is full: then the server stops.
            case disk
            /// 18+: `idle_replication_slot_timeout`
            case idleTimeout = "idle_replication_slot_timeout"
            /// Patroni 4.0+: `member_slots_ttl`
            case memberSlotsTTL = "member_slots_ttl"
        }
    }

    /// What is added to what is needed, for rates are averages: a fifth.
    package static let reserve = 0.2

    package var rate: WALRate? { rates.max { $0.bytesPerSecond < $1.bytesPerSecond } }

    /// `max_slot_wal_keep_size` that the outage takes, with the reserve; nil without a rate.
    package var slotLimitNeeded: Int64? { neededBytes.flatMap(Self.withReserve) }

    /// What has to be free where pg_wal is, with the reserve, beside what pg_wal holds anyway; nil without a rate.
    package var diskNeeded: Int64? { neededBytes.flatMap(Self.withReserve) }

    /// How long until the disk is full, in seconds; nil where that is not known, or nothing is written.
    package var diskSeconds: Double? { disk.flatMap { Self.seconds($0.freeBytes, rate) } }

    /// How long `wal_keep_size` lasts for a standby without a slot, in seconds; nil where it is not known.
    package var keepSeconds: Double? { keepBytes.flatMap { Self.seconds($0, rate) } }

    /// The slots that would be gone, or the disk full, before the outage is over.
    package var endangered: [SlotBudget] {
        slots.filter { slot in slot.first.map { $0.seconds < outage } ?? false }
    }

    /// - Parameters:
    ///   - disk: the size of the filesystem of pg_wal, where it was told.
    ///   - given: a rate that was told, which then is the only one.
    package init(_ server: FleetServer, outage: Double, observed: [WALRate], given: Double? = nil, disk size: Int64? = nil, now: Double) {
        let snapshot = server.snapshot
        target = server.target
        self.outage = outage
        rates = given.map { [WALRate(bytesPerSecond: $0, source: .given)] } ?? observed
        let rate = rates.max { $0.bytesPerSecond < $1.bytesPerSecond }
        neededBytes = rate.flatMap { Self.bytes($0.bytesPerSecond * outage) }
        slotLimitBytes = snapshot.settings?.maxSlotWALKeepSizeBytes
        keepBytes = snapshot.settings?.walKeepSizeBytes
        maxWALBytes = snapshot.settings?.maxWALSizeBytes
        keeping = RetentionText.sentence(snapshot, now: now)
        let ready =
            (snapshot.walDirectory?.recycledSegments ?? 0) *| snapshot.identity.walSegmentBytes +| (WALRetention(snapshot)?.removableBytes ?? 0)
        if let size {
            disk = Disk(freeBytes: max(size -| (snapshot.walDirectory?.bytes ?? 0), 0) +| ready, isGiven: true)
        } else if let filesystem = snapshot.walFilesystem {
            disk = Disk(freeBytes: filesystem.availableBytes +| ready, isGiven: false)
        }
        let diskLimit = disk.flatMap { Self.seconds($0.freeBytes, rate) }.map { Limit(cause: .disk, seconds: $0) }
        slots = (snapshot.slots ?? []).filter { !$0.isTemporary && !$0.isInvalidated && !$0.isServersOwn && $0.isSynced != true }.map { slot in
            var limits = [Limit]()
            if let limit = snapshot.settings?.maxSlotWALKeepSizeBytes, let retained = slot.retainedBytes,
                let seconds = Self.seconds(max(slot.safeWALBytes ?? (limit -| retained), 0), rate)
            {
                limits.append(Limit(cause: .slotLimit, seconds: seconds))
            }
            if let timeout = snapshot.settings?.idleReplicationSlotTimeoutSeconds, timeout > 0, slot.restart != nil {
                let idle = slot.isActive ? 0 : slot.inactiveSince.map { max(now + (snapshot.clockOffset ?? 0) - $0, 0) } ?? 0
                limits.append(Limit(cause: .idleTimeout, seconds: max(timeout - idle, 0)))
            }
            if server.memberSlots.contains(slot.name), !server.permanentSlots.contains(slot.name), let cluster = server.cluster,
                cluster.version.map({ $0.major >= 4 }) == true, let settings = cluster.settings
            {
                limits.append(Limit(cause: .memberSlotsTTL, seconds: settings.memberSlotsTTLSeconds))
            }
            if let diskLimit { limits.append(diskLimit) }
            return SlotBudget(
                name: slot.name,
                isActive: slot.isActive,
                retainedBytes: slot.retainedBytes,
                limits: limits.sorted { $0.seconds < $1.seconds }
            )
        }
    }

    private static func withReserve(_ bytes: Int64) -> Int64? {
        Self.bytes(Double(bytes) * (1 + reserve))
    }

    private static func bytes(_ bytes: Double) -> Int64? {
        Int64(exactly: bytes.rounded(.up))
    }

    private static func seconds(_ bytes: Int64, _ rate: WALRate?) -> Double? {
        guard let rate, rate.bytesPerSecond > 0 else { return nil }
        return Double(bytes) / rate.bytesPerSecond
    }
}
