import Testing

@testable import Terminal

@Suite struct MonitoringRangeTests {
    @Test(
        "Ranges of the Monitoring Plugins guidelines",
        arguments: [
            ("10", [0, 10], [-1, 11]), ("10:", [10, 1e9], [-1, 9]), ("~:10", [-1e9, 10], [11]), ("10:20", [10, 20], [9, 21]),
            ("@10:20", [9, 21], [10, 20]), (":5", [0, 5], [-1, 6]),
        ] as [(String, [Double], [Double])]
    )
    func guidelines(_ text: String, _ well: [Double], _ told: [Double]) throws {
        let range = try #require(MonitoringRange(text, .percent))
        #expect(well.filter(range.alerts) == [])
        #expect(told.filter { !range.alerts($0) } == [])
    }

    @Test("Units, in base units afterwards")
    func units() {
        #expect(MonitoringRange("5min", .seconds)?.text == "300")
        #expect(MonitoringRange("100ms:1h", .seconds)?.text == "0.1:3600")
        #expect(MonitoringRange("~:1kB", .bytes)?.text == "~:1024")
        #expect(MonitoringRange("@2GB", .bytes)?.text == "@2147483648")
        #expect(MonitoringRange("15%:", .percent)?.text == "15:")
        #expect(MonitoringRange("0:", .percent)?.text == "0:")
    }

    @Test("What is none", arguments: ["", "x", "20:10", "5GB", "1:2:3", "nan", "inf", "@", "--5"])
    func none(_ text: String) {
        #expect(MonitoringRange(text, .seconds) == nil)
    }
}
