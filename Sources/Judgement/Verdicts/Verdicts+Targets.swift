/// Who answers, who connects, who archives.
extension Verdict {
    static let ofTargets: [Verdict] = [
        Verdict(
            .targetDown,
            "The target does not answer.",
            cases: [.targetDown],
            facts: ["the attempt to connect failed, or identity and role were not read in time"]
        ),
        Verdict(
            .patroniDown,
            "No REST interface of a Patroni cluster answers. What it said last still counts.",
            cases: [.patroniDown],
            facts: ["the last poll of each REST interface failed"],
            lookAlikes: [
                .init(
                    "one of several interfaces that does not answer",
                    "another one does",
                    test: "ConnectionFindingTests/patroniDown"
                ),
                .init(
                    "the DCS was lost a moment ago, and no member knows it yet",
                    "three polls in a row",
                    test: "ConnectionFindingTests/patroniDown"
                ),
            ]
        ),
        Verdict(
            .patroniDCSUnreachable,
            "Patroni answers, and gets nothing from its DCS: no failover, and without `failsafe_mode` soon no primary.",
            cases: [.patroniDCSUnreachable],
            facts: [
                "`GET /patroni` answers, and says that there is no leader, that failsafe mode is active, or that the DCS was seen long ago",
                "`GET /cluster`, `/config` and `/history` of every REST interface that answers fail",
            ],
            lookAlikes: [
                .init("a proxy lets only `/patroni` through", "the member knows its leader", test: "PatroniDCSTests/onlyStatus"),
                .init("the same, and its clock is wrong", "`dcs_last_seen` changes", test: "PatroniDCSTests/wrongClock"),
                .init("one member has lost the DCS", "another one answers from it", test: "PatroniDCSTests/dcsUnreachable"),
            ]
        ),
        Verdict(
            .patroniMembersUnwatched,
            "Members that Patroni lists are not watched.",
            cases: [.patroniMembersOutside, .patroniMembersUnwatched],
            facts: ["members and their addresses as Patroni lists them", "`members_within` and `max_members`"]
        ),
        Verdict(
            .privilegeMissing,
            "The exporter's role may not see what it needs; the cure is a `GRANT`.",
            cases: [.privilegeMissing],
            facts: ["`has_function_privilege()`, and rows whose columns are hidden"]
        ),
        Verdict(
            .standbyMissing,
            "A standby that is expected is not connected.",
            cases: [.standbyMissing],
            facts: ["`pg_stat_replication`, all of it visible", "what the configuration or Patroni expects"],
            lookAlikes: [
                .init(
                    "a standby that connects and has not begun to stream",
                    "`state` is startup or backup: not yet connected, which the finding says",
                    test: "ConnectionFindingTests/missing"
                ),
                .init(
                    "a server of the other role, or walsenders hidden from the role",
                    "the expectation's role, and `pg_read_all_stats`",
                    test: "ConnectionFindingTests/notMissing"
                ),
            ]
        ),
        Verdict(
            .syncNotSatisfied,
            "Fewer synchronous standbys are connected than `synchronous_standby_names` wants.",
            cases: [.syncNotSatisfied, .syncNotSatisfiedNorAwaited],
            facts: ["`synchronous_standby_names`, understood", "`pg_stat_replication`, all of it visible", "`synchronous_commit`"],
            lookAlikes: [
                .init(
                    "a text in `synchronous_standby_names` that is not understood",
                    "it does not parse as PostgreSQL has it: unknown",
                    test: "ConnectionFindingTests/syncSatisfied"
                ),
                .init(
                    "a synchronous standby on its way to its first connection",
                    "nothing: commits do wait; it is over when it comes, and the alert waits a minute",
                    test: "LookAlikeTests/firstConnection"
                ),
            ]
        ),
        Verdict(
            .archiverFailing,
            "WAL is not being archived: the last try failed, none ever succeeded, or there is no command.",
            cases: [.archiverFailing],
            facts: ["`pg_stat_archiver`", "`archive_mode`, and whether `archive_command` or `archive_library` is set"]
        ),
        Verdict(
            .archiveBacklogOld,
            "A file has been waiting for the archive for long, and no failure is counted: a command that is missing, killed or hangs leaves no trace in "
                + "`pg_stat_archiver`.",
            cases: [.archiveBacklogOld],
            facts: ["`pg_ls_archive_statusdir()`: the oldest `.ready` file", "`pg_stat_archiver`"],
            lookAlikes: [
                .init(
                    "a slow archive, whose files wait for some minutes",
                    "the oldest `.ready` file is younger than the threshold",
                    test: "ConnectionFindingTests/archiveBacklog"
                )
            ]
        ),
    ]
}

extension Verdict.Case {
    package static let targetDown = Self(.targetDown, .critical, alert: .init("PgwalTargetDown", for: 120))
    package static let patroniDown = Self(.patroniDown, .warning, alert: .init("PgwalPatroniDown", for: 300))
    package static let patroniDCSUnreachable = Self(.patroniDCSUnreachable, .critical, alert: .init("PgwalPatroniDCSUnreachable", for: 60))
    package static let patroniMembersOutside = Self(.patroniMembersUnwatched, .warning, when: "outside `members_within`")
    package static let patroniMembersUnwatched = Self(.patroniMembersUnwatched, .notice)
    package static let privilegeMissing = Self(.privilegeMissing, .warning, alert: .init("PgwalPrivilegeMissing", for: 300))
    package static let standbyMissing = Self(.standbyMissing, .warning, alert: .init("PgwalStandbyMissing", for: 120))
    package static let syncNotSatisfied = Self(.syncNotSatisfied, .critical, alert: .init("PgwalSyncNotSatisfied", for: 60))
    package static let syncNotSatisfiedNorAwaited = Self(.syncNotSatisfied, .warning, when: "`synchronous_commit` lets commits go on")
    package static let archiverFailing = Self(.archiverFailing, .warning, alert: .init("PgwalArchiverFailing", for: 300))
    package static let archiveBacklogOld = Self(
        .archiveBacklogOld,
        .warning,
        beyond: [.archiveBacklogAge],
        alert: .init("PgwalArchiveBacklogOld", for: 300)
    )
}
