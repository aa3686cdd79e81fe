/// Roles, primaries, and the way back after a failover.
extension Verdict {
    static let ofPrimaries: [Verdict] = [
        Verdict(
            .roleMismatch,
            "The server behind a target does not have the role that is expected of it: a virtual address on the wrong node, which is named.",
            cases: [.addressReadOnly, .roleMismatch],
            facts: ["`pg_is_in_recovery()`", "the role that the configuration expects"],
            lookAlikes: [
                .init(
                    "an address that is on its way in a switchover",
                    "so long it is so; the alert waits a minute",
                    test: "SiteSituationTests/addressOnStandby"
                ),
                .init("a server of which no role is expected", "`expect.role` is any, or not there", test: "PrimaryFindingTests/roleMatches"),
            ]
        ),
        Verdict(
            .twoPrimaries,
            "More than one server of one system accepts writes.",
            cases: [.twoPrimaries, .twoPrimariesOrCopy],
            facts: [
                "`system_identifier`, `pg_is_in_recovery()`, `pg_postmaster_start_time()` and `cluster_name` of each",
                "timelines, and when their history files were written",
            ],
            lookAlikes: [
                .init(
                    "a clone or copy among the targets",
                    "suspected: see [above](#two-primaries); not at all when it is `detached`",
                    test: "MeantSituationTests/clone"
                ),
                .init(
                    "a target that leads to the same server through pgbouncer",
                    "the same",
                    test: "LookAlikeTests/pooler"
                ),
                .init(
                    "a server that pg_upgrade has replaced",
                    "it has another system identifier",
                    test: "LookAlikeTests/upgraded"
                ),
                .init(
                    "a virtual address beside the server's own",
                    "system identifier, start and `cluster_name` are the same",
                    test: "FindingTests/twoPrimaries"
                ),
            ]
        ),
        Verdict(
            .splitBrainUnresolved,
            "There were two primaries; one of them is a standby now, and nothing proves that it was rewound or rebuilt.",
            cases: [.splitBrainUnresolved],
            facts: ["two primaries seen at one time", "history files of the one that is a standby now, and when they were written"],
            lookAlikes: [
                .init(
                    "a switchover there and back",
                    "a primary becomes a standby only by a restart: each was seen between two sightings of the other in one life",
                    test: "FleetMemoryTests/switchover"
                ),
                .init(
                    "a switchover that one look at all servers catches halfway",
                    "the same",
                    test: "FleetMemoryTests/oneLook"
                ),
                .init(
                    "a virtual address that moves with the primary",
                    "where an address leads now says nothing of the server before",
                    test: "FleetMemoryTests/addressThatMoves"
                ),
            ]
        ),
        Verdict(
            .rewindNotReady,
            "After a failover, pg_rewind could not bring this server back.",
            cases: [.rewindNotReady, .rewindNotReadyStandby],
            facts: [
                "`wal_log_hints`, `data_checksums` and `full_page_writes`", "`wal_keep_size` and `restore_command`",
                "the last checkpoint's redo position",
            ],
            lookAlikes: [
                .init(
                    "a primary that nobody could take over from",
                    "no standby, slot or member of Patroni",
                    test: "RewindReadinessTests/alone"
                )
            ]
        ),
        Verdict(
            .failback,
            "A former primary, or a standby with data that the primary never had, can come back, by following or by pg_rewind, and how.",
            cases: [.failbackByRewind, .failback],
            facts: [
                "the timelines of both", "where the survivor's timeline began", "the former primary's last position", "the WAL that both still keep",
            ]
        ),
        Verdict(
            .failbackNeedsBaseBackup,
            "A former primary, or a standby with data that the primary never had, can only come back by a base backup, and why.",
            cases: [.failbackNeedsBaseBackup, .failbackMayNeedBaseBackup],
            facts: [
                "as for `failback`", "what pg_rewind refuses, or cannot find",
                "`pg_stat_archiver` of a standby (15+): it archived WAL of the primary's timeline, as a primary itself",
            ],
            lookAlikes: [
                .init(
                    "one data directory that moved to another host",
                    "the history file was written once",
                    test: "FailbackTests/sameTimelineDown"
                ),
                .init(
                    "a standby on the primary's timeline that is away for another reason",
                    "it got the history file after the primary's promotion; suspected only, and never of one that streams",
                    test: "FailbackTests/otherPromotion"
                ),
                .init(
                    "a former primary that was rewound, rebuilt, or stopped before the primary was promoted",
                    "neither pg_rewind nor a base backup leaves statistics; what it archived is of a timeline before",
                    test: "SplitSituationTests/settled"
                ),
            ]
        ),
    ]
}

extension Verdict.Case {
    package static let addressReadOnly = Self(
        .roleMismatch,
        .critical,
        when: "a primary is expected: nobody can write through the address",
        alert: .init("PgwalAddressReadOnly", for: 60)
    )
    package static let roleMismatch = Self(.roleMismatch, .warning, alert: .init("PgwalRoleMismatch", for: 60))
    package static let twoPrimaries = Self(.twoPrimaries, .critical, alert: .init("PgwalTwoPrimaries", for: 60))
    package static let twoPrimariesOrCopy = Self(
        .twoPrimaries,
        .critical,
        .suspected,
        when: "one may be a clone or copy: no promotion was seen, it is of no Patroni cluster, and nobody streams from it",
        alert: .init("PgwalTwoPrimaries", for: 60)
    )
    /// Two primaries are proven; that their data still differ is not.
    package static let splitBrainUnresolved = Self(.splitBrainUnresolved, .critical, .suspected)
    package static let rewindNotReady = Self(.rewindNotReady, .notice, alert: .init("PgwalRewindNotReady", for: 1800))
    package static let rewindNotReadyStandby = Self(.rewindNotReady, .notice, when: "a standby")
    package static let failbackByRewind = Self(.failback, .warning, when: "it wrote beyond the fork: pg_rewind")
    package static let failback = Self(.failback, .warning, .suspected)
    package static let failbackNeedsBaseBackup = Self(.failbackNeedsBaseBackup, .critical)
    package static let failbackMayNeedBaseBackup = Self(
        .failbackNeedsBaseBackup,
        .critical,
        .suspected,
        when: "something that would tell is not known"
    )
}
