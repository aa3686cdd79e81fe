import Testing

@testable import Patroni

struct TimestampTests {
    @Test(
        "Times are read with their fraction and offset",
        arguments: [
            ("1970-01-01T00:00:00+00:00", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2026-11-23T20:05:56.5+00:00", 1_795_464_356.5),
            ("2026-11-23T21:05:56+01:00", 1_795_464_356),
            ("2026-11-23T14:35:56-05:30", 1_795_464_356),
            ("2024-02-29T00:00:00+00:00", 1_709_164_800),
            ("2000-12-31T00:00:00+00:00", 978_220_800),
        ]
    )
    func reads(text: String, time: Double) {
        #expect(Timestamp.unixTime(text) == time)
    }

    @Test(
        "Anything else is no time",
        arguments: [
            "", "2026-11-23", "2026-11-23T20:05:56", "2026-11-23 20:05:56+00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-23T24:00:00Z", "2026-11-23T20:05:56.Z", "2026-11-23T20:05:56+0000", "2026-11-23T20:05:56Zx", "+026-11-23T20:05:56Z",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp.unixTime(text) == nil)
    }
}
