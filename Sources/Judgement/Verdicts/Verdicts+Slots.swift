/// Slots at the server that has them, or should have them.
extension Verdict {
    static let ofSlots: [Verdict] = [
        Verdict(
            .slotMissing,
            "A slot that the configuration or Patroni expects is not there.",
            cases: [.slotMissing],
            facts: ["`pg_replication_slots`", "what the configuration or Patroni expects of a server of this role"]
        ),
        Verdict(
            .slotMissingAtUpstream,
            "A standby is told to use a slot that its upstream does not have.",
            cases: [.slotMissingAtUpstream, .slotMissingAtPrimary],
            facts: [
                "`primary_slot_name` of the standby, and that it receives nothing", "`pg_replication_slots` of each server that may be its upstream",
            ]
        ),
        Verdict(
            .slotLost,
            "A slot was invalidated and can never be used again.",
            cases: [.slotLost, .slotLostCopy],
            facts: ["`wal_status`, `conflicting`, `invalidation_reason` and `restart_lsn` of `pg_replication_slots`", "`synced`, in recovery"]
        ),
        Verdict(
            .slotInactive,
            "A slot that nobody uses keeps WAL.",
            cases: [.slotEndangered, .slotInactive, .slotUnused],
            facts: ["`active`, `restart_lsn` and `wal_status` of `pg_replication_slots`"]
        ),
        Verdict(
            .slotWithoutReserve,
            "A slot that nobody used yet reserves nothing: WAL that its future user needs may be removed.",
            cases: [.slotWithoutReserve],
            facts: ["`restart_lsn` of a physical slot is NULL, and it is not invalidated"]
        ),
        Verdict(
            .slotLeftOver,
            "An inactive slot on a standby, from when it was the primary, keeps WAL there.",
            cases: [.slotLeftOver],
            facts: [
                "`pg_is_in_recovery()`", "`active` and `restart_lsn` of `pg_replication_slots`",
                "what the configuration and Patroni expect at standbys",
            ]
        ),
        Verdict(
            .slotNotPermanent,
            "Patroni does not know this slot of the leader: the next switchover, or a restart of Patroni while nobody uses it, loses it.",
            cases: [.slotNotPermanent, .slotIgnored],
            facts: ["Patroni's dynamic configuration and members", "`pg_replication_slots` of the leader"]
        ),
        Verdict(
            .slotRetentionUnlimited,
            "`max_slot_wal_keep_size` is not set: slots may fill the disk.",
            cases: [.slotRetentionUnlimited],
            facts: ["`max_slot_wal_keep_size`", "`pg_replication_slots`"]
        ),
    ]
}

extension Verdict.Case {
    package static let slotMissing = Self(.slotMissing, .critical, alert: .init("PgwalSlotMissing", for: 60))
    package static let slotMissingAtUpstream = Self(.slotMissingAtUpstream, .critical, alert: .init("PgwalSlotMissingAtUpstream", for: 60))
    package static let slotMissingAtPrimary = Self(
        .slotMissingAtUpstream,
        .critical,
        .suspected,
        when: "the upstream's address is unknown, and it is missing at the primaries of the system",
        alert: .init("PgwalSlotMissingAtUpstream", for: 60)
    )
    package static let slotLost = Self(.slotLost, .critical, alert: .init("PgwalSlotLost", for: 60))
    package static let slotLostCopy = Self(
        .slotLost,
        .warning,
        when: "a synchronized copy on a standby",
        alert: .init("PgwalFailoverSlotNotReady", for: 900)
    )
    package static let slotEndangered = Self(
        .slotInactive,
        .critical,
        when: "about to be lost: `wal_status` is unreserved, or `safe_wal_size` used up (`summarize_wal` has it called reserved)",
        alert: .init("PgwalSlotAboutToBeLost", for: 60)
    )
    package static let slotInactive = Self(
        .slotInactive,
        .warning,
        when: "it keeps much, or old, WAL",
        beyond: [.slotInactiveBytes, .slotInactiveAge],
        alert: .init("PgwalSlotInactive", for: 300)
    )
    package static let slotUnused = Self(.slotInactive, .notice)
    package static let slotWithoutReserve = Self(.slotWithoutReserve, .warning, alert: .init("PgwalSlotReservesNothing", for: 900))
    /// Nobody can tell from a server that no standby is meant to come to it.
    package static let slotLeftOver = Self(
        .slotLeftOver,
        .warning,
        .suspected,
        beyond: [.slotInactiveBytes, .slotInactiveAge],
        alert: .init("PgwalSlotLeftOver", for: 900)
    )
    package static let slotNotPermanent = Self(.slotNotPermanent, .warning)
    package static let slotIgnored = Self(.slotNotPermanent, .notice, when: "under `ignore_slots`: a switchover leaves it behind")
    package static let slotRetentionUnlimited = Self(.slotRetentionUnlimited, .notice, alert: .init("PgwalSlotRetentionUnlimited", for: 900))
}
