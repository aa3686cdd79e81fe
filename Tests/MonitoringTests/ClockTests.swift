import Testing

@testable import Monitoring

struct ClockTests {
    @Test("An instant of the past has the wall clock's time of then")
    func pastInstant() {
        let then = ContinuousClock.now - .seconds(90)
        #expect(abs(WallClock.time(of: then) - (WallClock.now() - 90)) < 5)
        #expect(WallClock.now() > 1_577_836_800)
    }

    @Test(
        "People read whole milliseconds",
        arguments: [
            (Duration.milliseconds(4_500), "4500 ms"), (.microseconds(1_499), "1 ms"), (.microseconds(1_500), "2 ms"), (.zero, "0 ms"),
            (.seconds(60), "60000 ms"),
        ]
    )
    func wholeMilliseconds(duration: Duration, text: String) {
        #expect(WholeMilliseconds(duration).description == text)
    }
}
