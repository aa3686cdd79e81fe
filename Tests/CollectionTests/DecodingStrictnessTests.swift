import Collection
import Postgres
import ReplicationModel
import Testing

/// A decode error is an error and never a default; and it leaves the snapshot as it was.
struct DecodingStrictnessTests {
    private static let withRows = Recording.all.filter { !$0.rows.isEmpty }

    @Test("What real servers answered is understood", arguments: Recording.all)
    func recordings(recording: Recording) throws {
        _ = try recording.snapshot()
    }

    @Test("An answer without one of the columns is refused", arguments: withRows.filter { $0.columns.count > 1 })
    func missingColumn(recording: Recording) throws {
        for column in recording.columns.indices {
            try expectRefusal(of: recording.removing(column), after: recording)
        }
    }

    @Test("An answer with a column more is refused, wherever that is", arguments: withRows)
    func extraColumn(recording: Recording) throws {
        for position in 0...recording.columns.count {
            try expectRefusal(of: recording.inserting(column: "new_in_20", at: position), after: recording)
        }
    }

    @Test("A text that is no number, no truth value and no known state is refused", arguments: withRows)
    func garbage(recording: Recording) throws {
        for column in recording.columns where !Columns.text.contains(column) {
            try expectRefusal(of: recording.replacing(column, with: "unheard-of"), after: recording)
        }
    }

    @Test("A number with anything after it, or none at all, is refused", arguments: ["", "1.5", "12 ", "0x10", "9223372036854775808"])
    func badNumbers(text: String) throws {
        try expectRefusal(of: .wal18.replacing("written", with: text), after: .wal18)
        try expectRefusal(of: .slotSpill18.replacing("bytes", with: text), after: .slotSpill18)
    }

    @Test("NULL is refused where a value is promised, and else no error", arguments: withRows)
    func nulls(recording: Recording) throws {
        for column in recording.columns {
            let changed = recording.replacing(column, with: nil)
            if Columns.mayBeNull(column, in: recording) {
                _ = try changed.snapshot()
            } else {
                try expectRefusal(of: changed, after: recording)
            }
        }
    }

    @Test("Two rows where one is promised are refused", arguments: [Recording.wal18, .checkpoints18, .receiver15, .archiver18, .walDirectory18])
    func twoRows(recording: Recording) throws {
        var doubled = recording
        doubled.rows += recording.rows
        try expectRefusal(of: doubled, after: recording)
    }

    @Test("No row where one is promised is refused", arguments: [Recording.wal18, .standbyWAL15, .checkpoints18, .receiver15, .walDirectory18])
    func noRow(recording: Recording) throws {
        var empty = recording
        empty.rows = []
        try expectRefusal(of: empty, after: recording)
    }

    private func expectRefusal(of bad: Recording, after good: Recording, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var snapshot = try good.snapshot()
        let before = String(reflecting: snapshot)
        #expect(throws: DecodeError.self, "\(bad.columns) \(bad.rows.first ?? [])", sourceLocation: sourceLocation) {
            try bad.collector.decode(bad.rowSet, from: bad.server, into: &snapshot)
        }
        #expect(String(reflecting: snapshot) == before, sourceLocation: sourceLocation)
    }
}

/// What the statements say of their columns.
private enum Columns {
    /// Any text will do.
    static let text: Set<String> = [
        "application_name", "client_addr", "slot_name", "plugin", "database", "name", "setting", "last_archived_wal", "oldest_kept", "first_segment",
        "last_segment", "stretches", "writers",
        "upstream_host", "upstream_port", "upstream_slot",
    ]

    static func mayBeNull(_ column: String, in recording: Recording) -> Bool {
        let (name, role) = (recording.collector.name, recording.server.role)
        // A primary always knows its timeline.
        if name == .wal, role == .primary { return ["last_replayed", "sync_waiting", "sync_oldest", "confirming"].contains(column) }
        return nullable[name]?.contains(column) ?? false
    }

    private static let nullable: [CollectorName: Set<String>] = [
        .wal: ["received", "replayed", "last_replayed_transaction", "timeline", "end_is_known"],
        .walStatistics: ["write_seconds", "sync_seconds", "writers"],
        .walDirectory: [
            "oldest_kept", "oldest_kept_modified", "history_modified", "history_timeline", "segment_timeline", "end_position", "redo", "stretches",
        ],
        .walSummarizer: ["summarized"],
        .archiver: ["last_archived_wal", "last_archived", "last_failed"],
        .archiveStatus: ["oldest_ready", "first_segment", "last_segment"],
        .walsenders: [
            "client_addr", "state", "slot_name", "temporary", "sync_state", "sync_priority", "sent", "written", "flushed", "replayed",
            "write_lag", "flush_lag", "replay_lag", "reply", "started", "xmin_age", "slot_is_ahead", "end_is_known",
        ],
        .baseBackups: ["client_addr", "total"],
        .slots: [
            "plugin", "database", "wal_status", "restart", "confirmed_flush", "safe_wal", "xmin_age", "catalog_xmin_age", "two_phase",
            "invalidation_reason", "failover", "synced", "skip_reason", "inactive_since",
        ],
        .slotStatistics: ["last_skip"],
        .receiver: [
            "has_connection_string", "status", "timeline", "written", "flushed", "upstream_end", "last_message", "last_message_age",
            "transit", "age", "upstream_host", "upstream_port", "upstream_slot",
        ],
        .subscriptions: ["running", "received", "latest_end", "last_message"],
        .subscriptionTables: ["state"],
        .settings: ["integer", "is_on", "unit"],
    ]
}
