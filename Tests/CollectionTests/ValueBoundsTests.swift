import Collection
@testable import Postgres
import ReplicationModel
import Testing

/// A value that cannot be is refused, and the reason says what would have been right.
struct ValueBoundsTests {
    @Test(
        "An identity that cannot be is refused",
        arguments: [
            ("wal_segment_size", "0", "a power of two from 1MB to 1GB"),
            ("wal_segment_size", "-16MB", "a power of two from 1MB to 1GB"),
            ("wal_segment_size", "17MB", "a power of two from 1MB to 1GB"),
            ("wal_segment_size", "2GB", "a power of two from 1MB to 1GB"),
            ("wal_segment_size", "9223372036854775807GB", "a power of two from 1MB to 1GB"),
            ("postmaster_start", "NaN", "a number from"),
            ("postmaster_start", "Infinity", "a number from"),
            ("postmaster_start", "1e308", "a number from"),
            ("system_identifier", "not a number", "a system identifier"),
            ("system_identifier", "", "a system identifier"),
            ("version_number", "-1", "a number from"),
            ("port", "65536", "a number from"),
            ("cluster_name", String(repeating: "x", count: 1_025), "a text of at most 1024 bytes"),
        ]
    )
    func identity(column: String, value: String, expected: String) throws {
        let position = try #require(Recording.identityColumns.firstIndex(of: column))
        var rows = Recording.identityRows
        rows[0][position] = value
        let error = #expect(throws: DecodeError.self) {
            try Recording.identity(rows)
        }
        #expect(error?.description.contains(expected) == true && error?.column == column)
    }

    @Test(
        "A value that cannot be costs its collector",
        arguments: [
            (Recording.wal18, "written", "-1"),
            (.wal18, "timeline", "4294967296"),
            (.slots18, "restart", "-1"),
            (.slots18, "xmin_age", "4294967296"),
            (.slots18, "inactive_since", "Infinity"),
            (.walsenders18, "replay_lag", "-0.5"),
            (.walsenders18, "reply", "NaN"),
            (.walDirectory18, "bytes", "-1"),
            (.walDirectory18, "oldest_kept", "not a segment"),
            (.walStatistics18, "bytes", "1e308"),
            (.walStatistics18, "write_seconds", "-1"),
            (.settings18, "integer", "2147483648"),
            (.receiver15, "last_message_age", "1e12"),
            (.archiveStatus18, "ready", "-1"),
        ]
    )
    func collectors(recording: Recording, column: String, value: String) {
        #expect(throws: DecodeError.self) { try recording.replacing(column, with: value).snapshot() }
    }

    @Test(
        "What is odd and can be is believed",
        arguments: [
            (Recording.slots18, "safe_wal", "-5"),
            (.slots18, "catalog_xmin_age", "-1"),
            (.receiver15, "transit", "-100.5"),
            (.receiver15, "last_message_age", "-3"),
            (.walsenders18, "reply", "0"),
            (.walDirectory18, "oldest_kept_modified", "-86400"),
        ]
    )
    func odd(recording: Recording, column: String, value: String) throws {
        _ = try recording.replacing(column, with: value).snapshot()
    }
}
