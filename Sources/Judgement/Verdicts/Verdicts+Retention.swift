/// What keeps pg_wal.
extension Verdict {
    static let ofRetention: [Verdict] = [
        Verdict(
            .walKept,
            "More WAL than `max_wal_size` waits for one keeper of which no other finding tells: a slot in use, the WAL summarizer, a checkpoint.",
            cases: [.walKept],
            facts: [
                "`pg_ls_waldir()`, and `redo_lsn` of `pg_control_checkpoint()` at the same moment",
                "`restart_lsn` of every slot, `wal_keep_size`, `max_slot_wal_keep_size`",
                "`.ready` files where the server archives; from 17 on `summarize_wal` and `pg_get_wal_summarizer_state()`",
            ],
            lookAlikes: [
                .init("segments recycled for WAL to come", "they are ahead of the end of WAL", test: "RetentionFindingTests/healthy"),
                .init("`wal_keep_size`, which was asked for", "it is the keeper", test: "RetentionFindingTests/healthy"),
                .init("a checkpoint that is not due yet", "less than twice `max_wal_size`", test: "RetentionFindingTests/healthy"),
                .init("a base backup that runs, whose slot keeps what it needs", "`temporary`", test: "RetentionFindingTests/healthy"),
                .init(
                    "a summarizer that waits for the next checkpoint",
                    "less than `max_wal_size` is freed when it goes on",
                    test: "RetentionFindingTests/healthy"
                ),
                .init(
                    "a standby whose replay is paused",
                    "its keeper is the restartpoint, and it is no primary",
                    test: "RetentionFindingTests/healthy"
                ),
            ]
        )
    ]
}

extension Verdict.Case {
    package static let walKept = Self(.walKept, .notice)
}
