/// Standbys, and what is between them and their upstreams.
extension Verdict {
    static let ofStandbys: [Verdict] = [
        Verdict(
            .linkSilent,
            "A sender has heard nothing from a standby for more than 10 s while WAL waits for it: the link is dead, or the standby hangs. Said long before "
                + "`wal_sender_timeout` is over, while both ends still say that they stream.",
            cases: [.linkEnded, .linkSilent],
            facts: [
                "`reply_time` of `pg_stat_replication`: that it does not change", "`flush_lsn` by the exporter's clock of WAL",
                "that the slot is no logical one",
                "once the walsender is gone: that it was silent until then, and that the standby runs and receives nothing",
            ],
            lookAlikes: [
                .init("the standby's clock is wrong", "only changes of `reply_time` count", test: "SilenceTests/silence"),
                .init("the standby is slow, or its replay stands still", "it replies", test: "SilenceTests/notSilent"),
                .init("nothing is written", "no WAL waits", test: "SilenceTests/notSilent"),
                .init(
                    "a standby that was silent, and that is told to follow another server since, or is gone",
                    "it streams, or does not answer",
                    test: "LinkFindingTests/notEnded"
                ),
                .init("pg_receivewal, a logical subscriber", "they are no standbys", test: "SilenceTests/notSilent"),
            ]
        ),
        Verdict(
            .standbyNotStreaming,
            "A standby that should stream does not, whatever Patroni or `pg_stat_wal_receiver.status` say. Names the upstream and the slot that it is "
                + "told to use.",
            cases: [.standbyNotStreaming],
            facts: ["`pg_stat_wal_receiver`, visible", "`primary_conninfo`", "whether it is through with its own `pg_wal`"],
            lookAlikes: [
                .init(
                    "a standby that has just started",
                    "its postmaster has not been running for 15 seconds",
                    test: "MeantSituationTests/justStarted"
                ),
                .init(
                    "a standby that was restarted and replays its own `pg_wal`, for hours with `recovery_min_apply_delay`",
                    "it never asked for WAL since its start",
                    test: "RecoverySituationTests/delayedCascade"
                ),
                .init(
                    "a recovery that waits at its target",
                    "the same",
                    test: "RecoverySituationTests/pointInTime"
                ),
                .init(
                    "a standby that lives on its archive",
                    "`primary_conninfo` is not set",
                    test: "StandbyFindingTests/streaming"
                ),
            ]
        ),
        Verdict(
            .standbyDiverged,
            "A standby holds WAL that its upstream does not have. It follows, and its data differ.",
            cases: [.standbyDiverged],
            facts: [
                "`replay_lsn` and `sent_lsn` of `pg_stat_replication`, or `restart_lsn` of its slot, or `pg_last_wal_replay_lsn()` and `latest_end_lsn`",
                "the end of WAL at the upstream, when it is known",
            ],
            lookAlikes: [
                .init(
                    "a standby of a delayed standby that was restarted and does not know its end",
                    "the sender is not through with its own `pg_wal`",
                    test: "RecoverySituationTests/delayedCascade"
                ),
                .init(
                    "a standby that catches up, or does not stream",
                    "`state` of the walsender",
                    test: "StandbyFindingTests/notDiverged"
                ),
                .init(
                    "a standby that was restarted, of an idle primary: `received` falls back to the start of a segment",
                    "replayed, not received, is compared",
                    test: "StandbySituationTests/restartOfIdle"
                ),
            ]
        ),
        Verdict(
            .walGoneAtUpstream,
            "WAL that a standby needs next has been removed at its upstream.",
            cases: [.walGone, .walGoneAtPrimary, .walGoneButArchived],
            facts: [
                "the standby's end of WAL, once it is through with its own `pg_wal`",
                "the oldest segment in `pg_ls_waldir()` of each server that may be "
                    + "its upstream", "that it receives nothing",
            ],
            lookAlikes: [
                .init(
                    "a delayed standby that was restarted: the WAL is in its own `pg_wal`",
                    "it is not through with it",
                    test: "RecoverySituationTests/delayedWithoutSlot"
                ),
                .init(
                    "a standby that may take it from an archive",
                    "`restore_command`: a warning, and suspected",
                    test: "StandbyFindingTests/walInArchive"
                ),
            ]
        ),
        Verdict(
            .timelineBehind,
            "A standby follows an older timeline than its system's primary writes.",
            cases: [.timelineBehind],
            facts: ["the standby's timeline", "the timeline of the only primary of its system"],
            lookAlikes: [
                .init(
                    "a standby that has just started, and has not followed its upstream yet",
                    "its postmaster has not been running for 15 seconds",
                    test: "StartingTests/timeline"
                ),
                .init(
                    "a standby that lives on its archive, and two primaries",
                    "it learns of timelines late; which one counts is not known",
                    test: "StandbyFindingTests/timelineNotBehind"
                ),
            ]
        ),
        Verdict(
            .replayPaused,
            "Replay is paused.",
            cases: [.replayPaused],
            facts: ["`pg_get_wal_replay_pause_state()`"],
            lookAlikes: [
                .init(
                    "a recovery that waits at its target",
                    "it is paused, and to resume it is no cure: `recovery_target…` is set",
                    test: "RecoverySituationTests/pointInTime"
                )
            ]
        ),
    ]
}

extension Verdict {
    /// A standby replies to WAL at once, and in any case every `wal_receiver_status_interval` (10 s by default). The alert has the same number.
    static let unansweredSeconds = 10.0
    /// No hiccup any more: `wal_sender_timeout` is as long by default. The alert has the same number.
    static let unansweredCriticalSeconds = 60.0
}

extension Verdict.Case {
    package static let linkEnded = Self(
        .linkSilent,
        .critical,
        .suspected,
        when: "for more than a minute, or until the sender gave up",
        alert: .init("PgwalLinkSilent")
    )
    package static let linkSilent = Self(.linkSilent, .warning, .suspected)
    package static let standbyNotStreaming = Self(.standbyNotStreaming, .critical, alert: .init("PgwalStandbyNotStreaming", for: 120))
    package static let standbyDiverged = Self(.standbyDiverged, .critical, alert: .init("PgwalStandbyDiverged"))
    package static let walGone = Self(.walGoneAtUpstream, .critical, alert: .init("PgwalStandbyWALGone", for: 60))
    package static let walGoneAtPrimary = Self(
        .walGoneAtUpstream,
        .critical,
        .suspected,
        when: "the upstream's address is unknown, and it is gone at the primaries of the system",
        alert: .init("PgwalStandbyWALGone", for: 60)
    )
    package static let walGoneButArchived = Self(.walGoneAtUpstream, .warning, .suspected, when: "the standby may take it from an archive")
    package static let timelineBehind = Self(.timelineBehind, .warning, alert: .init("PgwalTimelineBehind", for: 300))
    package static let replayPaused = Self(.replayPaused, .warning, alert: .init("PgwalReplayPaused", for: 600))
}
