import Judgement
import ReplicationModel
import Testing

struct FindingTextTests {
    @Test(
        "Bytes, rounded down to a tenth",
        arguments: [
            (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"), (2047, "1.9 KiB"), (16 << 20, "16 MiB"),
            (1 << 20 - 1, "1023 KiB"), (5_905_580_032, "5.5 GiB"), (Int64.max, "7.9 EiB"), (-203_528, "-198 KiB"), (-5, "-5 bytes"),
        ] as [(Int64, String)]
    )
    func bytes(bytes: Int64, text: String) {
        #expect(HumanText.bytes(bytes) == text)
    }

    @Test(
        "Durations",
        arguments: [
            (0.4, "0 s"), (59.9, "59 s"), (60, "1 min"), (3_600, "1 h"), (12_000, "3 h 20 min"), (86_400, "1 d"), (187_200, "2 d 4 h"), (-1, "0 s"),
        ]
    )
    func duration(seconds: Double, text: String) {
        #expect(HumanText.duration(seconds) == text)
    }

    @Test(
        "Times",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"), (951_868_800, "2000-03-01T00:00:00Z"),
            (1_735_689_599.9, "2024-12-31T23:59:59Z"), (1_795_453_614.16, "2026-11-23T17:06:54Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (.infinity, "unknown"), (.nan, "unknown"), (1e18, "unknown"),
        ]
    )
    func time(unix: Double, text: String) {
        #expect(HumanText.time(unix) == text)
    }

    @Test("Whatever is in a name, it stays one literal, setting, word or scalar")
    func quoting() {
        let hostile = "a'b\"c\\d$(e)\u{301}'"
        #expect(SQLText.literal(hostile) == "E'a''b\"c\\\\d$(e)\u{301}'''")
        #expect(SQLText.literal("it") == "'it'")
        #expect(SQLText.setting(hostile) == "'a''b\"c\\\\d$(e)\u{301}'''")
        #expect(SQLText.shell(hostile) == "'a'\\''b\"c\\d$(e)\u{301}'\\'''")
        #expect(SQLText.shell("/var/lib/pg-15_a.b") == "/var/lib/pg-15_a.b")
        #expect(SQLText.shell("") == "''")
        #expect(SQLText.yaml(hostile) == "\"a'b\\\"c\\\\d$(e)\u{301}'\"")
    }
}
