/// Slots at the server that has them, or should have them.
extension Verdict {
    static let ofSlots: [Verdict] = [
        Verdict(
            .slotMissing,
            "A slot that the configuration or Patroni expects is not there.",
            cases: [.slotMissing],
            facts: ["`pg_replication_slots`", "what the configuration or Patroni expects of a server of this role"],
            lookAlikes: [
                .init(
                    "a slot that is expected in the other role, or slots that cannot be read",
                    "the expectation's role, and what is known",
                    test: "SlotFindingTests/notMissing"
                ),
                .init(
                    "a slot that Patroni was told to keep no longer, and has dropped",
                    "its configuration was read before the slot was found to be gone",
                    test: "SlotFindingTests/changedConfiguration"
                ),
            ]
        ),
        Verdict(
            .slotMissingAtUpstream,
            "A standby is told to use a slot that its upstream does not have.",
            cases: [.slotMissingAtUpstream, .slotMissingAtPrimary],
            facts: [
                "`primary_slot_name` of the standby, and that it receives nothing", "`pg_replication_slots` of each server that may be its upstream",
            ],
            lookAlikes: [
                .init(
                    "a slot that somebody is about to make: Patroni, at the start of a standby",
                    "the standby has not been running for 15 seconds",
                    test: "MeantSituationTests/justStarted"
                ),
                .init(
                    "a slot of that name at another server of a cascade",
                    "the upstream's address",
                    test: "StandbyFindingTests/cascade"
                ),
            ]
        ),
        Verdict(
            .slotLost,
            "A slot was invalidated and can never be used again.",
            cases: [.slotLost, .slotLostCopy],
            facts: ["`wal_status`, `conflicting`, `invalidation_reason` and `restart_lsn` of `pg_replication_slots`", "`synced`, in recovery"],
            lookAlikes: [
                .init(
                    "a synchronized copy on a standby, that the server makes anew",
                    "`synced`, in recovery: a warning",
                    test: "SlotFindingTests/lostCopy"
                )
            ]
        ),
        Verdict(
            .slotInactive,
            "A slot that nobody uses keeps WAL.",
            cases: [.slotEndangered, .slotInactive, .slotUnused],
            facts: ["`active`, `restart_lsn` and `wal_status` of `pg_replication_slots`"],
            lookAlikes: [
                .init(
                    "the temporary slot of a base backup",
                    "`temporary`",
                    test: "SlotSituationTests/temporarySlots"
                ),
                .init(
                    "a consumer that restarts, where WAL is written fast",
                    "the age of what it has not got: about to be lost only after a minute",
                    test: "SlotFindingTests/aboutToBeLost"
                ),
                .init(
                    "`pg_receivewal` as the only user",
                    "`active`",
                    test: "SlotSituationTests/receiveWAL"
                ),
                .init(
                    "slots that Patroni keeps in reserve on standbys",
                    "its dynamic configuration and members",
                    test: "SlotFindingTests/keptInReserve"
                ),
            ]
        ),
        Verdict(
            .slotAboutToBeLost,
            "A slot that is in use will be lost soon: its consumer is too slow.",
            cases: [.slotAboutToBeLost],
            facts: [
                "`wal_status` and `safe_wal_size` of `pg_replication_slots`, and the rate of WAL as the exporter has seen it",
                "how old the WAL is that it keeps",
            ],
            lookAlikes: [
                .init(
                    "a slot with a small limit, whose consumer keeps up",
                    "the WAL that it keeps is not older than five minutes: what is left is the whole budget",
                    test: "SlotFindingTests/aboutToBeLost"
                )
            ]
        ),
        Verdict(
            .slotWithoutReserve,
            "A slot that nobody used yet reserves nothing: WAL that its future user needs may be removed.",
            cases: [.slotWithoutReserve],
            facts: ["`restart_lsn` of a physical slot is NULL, and it is not invalidated"],
            lookAlikes: [
                .init(
                    "`pg_conflict_detection` of PostgreSQL 19, which never reserves anything",
                    "its name, which no other slot may have",
                    test: "SlotFindingTests/conflictDetection"
                )
            ]
        ),
        Verdict(
            .slotLeftOver,
            "An inactive slot on a standby, from when it was the primary, keeps WAL there.",
            cases: [.slotLeftOver],
            facts: [
                "`pg_is_in_recovery()`", "`active` and `restart_lsn` of `pg_replication_slots`",
                "what the configuration and Patroni expect at standbys",
            ],
            lookAlikes: [
                .init(
                    "a slot that is kept on a standby on purpose, and moved on",
                    "it keeps less than the thresholds",
                    test: "SlotFindingTests/keptOnPurpose"
                ),
                .init(
                    "slots that Patroni keeps in reserve on standbys",
                    "its dynamic configuration and members",
                    test: "SlotFindingTests/keptInReserve"
                ),
            ]
        ),
        Verdict(
            .slotNotPermanent,
            "Patroni does not know this slot of the leader: the next switchover, or a restart of Patroni while nobody uses it, loses it.",
            cases: [.slotNotPermanent, .slotIgnored],
            facts: ["Patroni's dynamic configuration and members", "`pg_replication_slots` of the leader"],
            lookAlikes: [
                .init(
                    "a slot that Patroni was just told to keep",
                    "its configuration was read before the slot was found to be there",
                    test: "SlotFindingTests/changedConfiguration"
                ),
                .init("the slot of a member that is away", "it was a member's within the last hour", test: "RetainedSlotsTests/ttl"),
            ]
        ),
        Verdict(
            .slotRetentionUnlimited,
            "`max_slot_wal_keep_size` is not set: slots may fill the disk.",
            cases: [.slotRetentionUnlimited],
            facts: ["`max_slot_wal_keep_size`", "`pg_replication_slots`"],
            lookAlikes: [
                .init(
                    "temporary slots, and PostgreSQL's own",
                    "`temporary`, and the name",
                    test: "SlotFindingTests/conflictDetection"
                )
            ]
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
        when:
            "about to be lost: `wal_status` is unreserved, `safe_wal_size` is used up (`summarize_wal` has it called reserved), or at the present rate of "
            + "WAL it will be",
        beyond: [.timeToLost],
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
    package static let slotAboutToBeLost = Self(
        .slotAboutToBeLost,
        .critical,
        beyond: [.timeToLost],
        alert: .init("PgwalSlotAboutToBeLost", for: 60)
    )
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
