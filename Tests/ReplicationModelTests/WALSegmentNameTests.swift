import ReplicationModel
import Testing

struct WALSegmentNameTests {
    private static let megabyte: Int64 = 1 << 20
    private static let gigabyte: Int64 = 1 << 30

    /// Positions as PostgreSQL's `pg_walfile_name()` maps them with `initdb --wal-segsize` 16, 1 and 1024.
    @Test(
        "A segment's name tells the timeline and the first byte",
        arguments: [
            ("000000010000000000000001", 16 * megabyte, 1, 0x100_0000),
            ("000000010000000000000003", 16 * megabyte, 1, 0x300_0000),
            ("0000000100000000000000FF", 16 * megabyte, 1, 0xFF00_0000),
            ("000000020000000100000000", 16 * megabyte, 2, 0x1_0000_0000),
            ("0000000A00000016000000B3", 16 * megabyte, 10, 0x16_B300_0000),
            ("000000010000000000000FFF", megabyte, 1, 0xFFF0_0000),
            ("000000010000000100000000", megabyte, 1, 0x1_0000_0000),
            ("000000010000000000000003", gigabyte, 1, 0xC000_0000),
            ("000000010000000200000001", gigabyte, 1, 0x2_4000_0000),
            ("FFFFFFFF0000000000000000", 16 * megabyte, 0xFFFF_FFFF, 0),
        ] as [(String, Int64, UInt32, Int64)]
    )
    func segment(name: String, segmentBytes: Int64, timeline: UInt32, start: Int64) throws {
        let segment = try #require(WALSegmentName(name, segmentBytes: segmentBytes))
        #expect(segment.timeline == timeline)
        #expect(segment.start == LSN(start))
    }

    @Test(
        "What is no segment is not taken for one",
        arguments: [
            "00000002.history",
            "000000010000000000000002.00000028.backup",
            "000000010000000000000002.partial",
            "00000001000000000000000a",
            "00000001000000000000000",
            "0000000100000000000000020",
            "00000001000000000000000G",
            "0000000100000000 0000002",
            "00000001000000000000000é",
            "archive_status",
            "",
        ]
    )
    func noSegment(name: String) {
        #expect(WALSegmentName(name, segmentBytes: 16 << 20) == nil)
    }

    @Test(
        "A name that no WAL of this segment size can have is no segment, and does not overflow either",
        arguments: [
            ("000000010000000000000100", 16 * megabyte),
            ("000000010000000000001000", megabyte),
            ("000000010000000000000004", gigabyte),
            ("000000017FFFFFFFFFFFFFFF", gigabyte),
            ("000000017FFFFFFF00000003", gigabyte),
            ("FFFFFFFFFFFFFFFFFFFFFFFF", 16 * megabyte),
            ("000000010000000000000001", 0),
        ] as [(String, Int64)]
    )
    func impossible(name: String, segmentBytes: Int64) {
        #expect(WALSegmentName(name, segmentBytes: segmentBytes) == nil)
    }

    @Test(
        "Who archived a file has written at least that timeline; after the last file of one, the next",
        arguments: [
            ("00000002000000000000000A", 2), ("000000010000000000000009.partial", 2), ("00000002.history", 2),
            ("0000000A0000000000000007.00000028.backup", 10), ("FFFFFFFF0000000000000001.partial", 0x1_0000_0000),
            ("00000002", nil), ("0000000200000000.history", nil), ("0000000G000000000000000A", nil), ("RECOVERYXLOG", nil), ("", nil),
            (".history", nil),
        ] as [(String, Int64?)]
    )
    func writtenTimeline(name: String, timeline: Int64?) {
        #expect(WALSegmentName.writtenTimeline(archived: name) == timeline)
    }
}
