import MetricsServer
import Testing

struct ScrapeDeadlineTests {
    private let deadline = ScrapeDeadline(limit: .seconds(5), offset: .milliseconds(500))

    @Test(
        "The scraper's timeout less the offset counts, but nobody waits much longer than a collection may take",
        arguments: [
            (nil, .seconds(6)),
            ("10", .seconds(6)),
            ("6.25", .milliseconds(5_750)),
            ("5.5", .seconds(5)),
            ("5", .milliseconds(4_500)),
            ("3", .milliseconds(2_500)),
            ("1.25", .milliseconds(750)),
            // An offset that would leave nothing leaves half.
            ("1", .milliseconds(500)),
            ("0.6", .milliseconds(300)),
            ("0.1", .milliseconds(50)),
            // Prometheus writes it like this.
            ("1e+01", .seconds(6)),
            ("1e300", .seconds(6)),
        ] as [(String?, Duration)]
    )
    func duration(header: String?, expected: Duration) {
        #expect(deadline.duration(header: header) == expected)
    }

    @Test("What is no positive number is refused", arguments: ["0", "-1", "", "ten", "10s", " 10", "nan", "inf", "-inf", "1e400"])
    func refused(header: String) {
        #expect(deadline.duration(header: header) == nil)
    }
}
