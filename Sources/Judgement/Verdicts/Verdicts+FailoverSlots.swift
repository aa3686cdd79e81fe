/// Copies that standbys keep of logical slots, whom their consumers wait for, and what is remembered of slots.
extension Verdict {
    static let ofFailoverSlots: [Verdict] = [
        Verdict(
            .slotRecreated,
            "A logical slot was lost and made anew, as Patroni does within seconds, or is another one than before, and looks well now: what its consumer "
                + "had not got from the former is in neither. Told for a day.",
            cases: [.slotRecreated],
            facts: [
                "`wal_status` and `invalidation_reason` of `pg_replication_slots`, at each scrape and each sample",
                "its type, plugin and database, and whether it reserves WAL, remembered as long as the exporter runs",
            ],
            lookAlikes: [
                .init(
                    "a slot that is dropped and made anew without having been lost",
                    "it was never seen lost, and is of the same kind",
                    test: "SlotSituationTests/recreated"
                ),
                .init(
                    "a consumer that comes back, or a slot that is moved on: positions jump",
                    "positions prove nothing",
                    test: "SlotMemoryTests/sameSlot"
                ),
            ]
        ),
        Verdict(
            .failoverSlotUnsynchronized,
            "No standby keeps a copy of a slot with `failover = true` (17+): the next failover loses its consumer.",
            cases: [.failoverSlotUnsynchronized],
            facts: [
                "`failover` of `pg_replication_slots` at the primary",
                "`pg_replication_slots` of all standbys of the system, of which every connected one is watched",
                "`sync_replication_slots` is off at all of them, or the slot has been there for five minutes",
            ],
            lookAlikes: [
                .init("a new slot, whose copy is not there yet", "its age", test: "SlotSynchronizationTests/unsynchronized"),
                .init("one standby of several has the copy", "one is enough", test: "SlotSynchronizationTests/synchronized"),
            ]
        ),
        Verdict(
            .failoverSlotInTheWay,
            "A standby has a failover slot of its own, from when it was a primary: the worker that synchronizes slots ends at it, and no slot is synchronized.",
            cases: [.failoverSlotInTheWay],
            facts: ["`pg_is_in_recovery()`", "`failover` and `synced` of `pg_replication_slots`", "`sync_replication_slots` is not off"],
            lookAlikes: [
                .init("a copy of the primary's slot", "`synced`", test: "FailoverSlotTests/promoted"),
                .init("slots are not to be synchronized", "`sync_replication_slots`", test: "SlotSynchronizationTests/inTheWay"),
            ]
        ),
        Verdict(
            .synchronizedSlotBlocks,
            "A slot that `synchronized_standby_slots` names is missing, lost, no physical one, or not in use: all consumers of failover slots wait for it.",
            cases: [.synchronizedSlotBlocks],
            facts: [
                "`synchronized_standby_slots`", "`pg_replication_slots`",
                "of a slot that is not in use: a session in WaitForStandbyConfirmation, or a minute by `inactive_since`",
            ],
            lookAlikes: [
                .init("its standby is connected", "`active`", test: "FailoverSlotTests/synchronizedSlots"),
                .init("its standby restarts", "nobody is seen waiting, and a minute", test: "SlotSynchronizationTests/notBlocking"),
                .init("nobody would wait", "no slot with `failover = true`", test: "SlotSynchronizationTests/notBlocking"),
            ]
        ),
        Verdict(
            .walFilesystemUnread,
            "How full the filesystem of `pg_wal` is cannot be read, where it should be: `wal_directory` is configured, or the server runs on this machine.",
            cases: [.walFilesystemUnread],
            facts: ["`statvfs()`, and what the operating system says", "that the server is reached by a Unix socket, or a loopback address"],
            lookAlikes: [
                .init("a server elsewhere", "it has an address, and no directory of that path is here", test: "HistorySituationTests/filesystem")
            ]
        ),
    ]
}

extension Verdict.Case {
    package static let slotRecreated = Self(.slotRecreated, .critical, alert: .init("PgwalSlotRecreated"))
    package static let failoverSlotUnsynchronized = Self(
        .failoverSlotUnsynchronized,
        .warning,
        alert: .init("PgwalFailoverSlotUnsynchronized", for: 900)
    )
    /// PgwalFailoverSlotNotReady fires too: it says of any reason that the copy is not there.
    package static let failoverSlotInTheWay = Self(.failoverSlotInTheWay, .warning)
    package static let synchronizedSlotBlocks = Self(.synchronizedSlotBlocks, .critical, alert: .init("PgwalSynchronizedSlotBlocking", for: 60))
    package static let walFilesystemUnread = Self(.walFilesystemUnread, .notice, alert: .init("PgwalWALFilesystemUnreadable", for: 900))
}
