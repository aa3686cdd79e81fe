import Exposition
import Testing

@Suite("What a family announces in OpenMetrics")
struct HeaderTests {
    @Test("A unit that the family's name does not end in is not announced, as a parser would reject the page")
    func foreignUnit() {
        let family = MetricFamily("pgwal_timestamps", .gauge, unit: .seconds, [Sample(labels: .empty, value: 1)])
        #expect(!page([family], .openMetrics).contains("# UNIT"))
    }

    @Test("The unit must be a whole word at the end of the name")
    func partialUnit() {
        let family = MetricFamily("pgwal_kilobytes", .gauge, unit: .bytes, [Sample(labels: .empty, value: 1)])
        #expect(!page([family], .openMetrics).contains("# UNIT"))
    }

    @Test("A counter or info without its suffix is announced as unknown", arguments: [MetricType.counter, .info])
    func missingSuffix(type: MetricType) {
        let family = MetricFamily("pgwal_odd", type, [Sample(labels: .empty, value: 1)])
        #expect(page([family], .openMetrics) == "# TYPE pgwal_odd unknown\n# HELP pgwal_odd Help.\npgwal_odd 1\n# EOF\n")
    }

    @Test("A gauge that happens to end in a suffix keeps its name")
    func gaugeWithSuffix() {
        let descriptor = MetricDescriptor(name: "pgwal_basebackup_total", type: .gauge, help: "")
        #expect(descriptor.familyName(in: .openMetrics) == "pgwal_basebackup_total")
    }
}
