import ReplicationModel
import Testing

struct LSNTests {
    /// The left texts as PostgreSQL 15 prints `'0/0'::pg_lsn + bytes`.
    @Test(
        "A position reads as psql prints it",
        arguments: [
            (0, "0/0"),
            (50_610_896, "0/30442D0"),
            (4_294_967_295, "0/FFFFFFFF"),
            (4_294_967_296, "1/0"),
            (97_500_059_720, "16/B374D848"),
            (9_223_372_036_854_775_807, "7FFFFFFF/FFFFFFFF"),
        ] as [(Int64, String)]
    )
    func description(bytes: Int64, text: String) {
        #expect(LSN(bytes).description == text)
    }

    @Test("A lag is the distance, but a position that seems ahead of the end lags by nothing")
    func lagIsClamped() {
        let end = LSN(50_610_896)
        #expect(end.lag(of: LSN(50_610_800)) == 96)
        #expect(end.lag(of: end) == 0)
        #expect(end.lag(of: LSN(50_610_897)) == 0)
    }

    @Test("A distance keeps its sign")
    func distanceIsSigned() {
        #expect(LSN(100).distance(from: LSN(40)) == 60)
        #expect(LSN(40).distance(from: LSN(100)) == -60)
    }

    @Test("Positions compare as numbers, not as text")
    func order() {
        #expect(LSN(0x9_0000_0000) < LSN(0x10_0000_0000))
        #expect([LSN(3), LSN(1), LSN(2)].max() == LSN(3))
    }
}
