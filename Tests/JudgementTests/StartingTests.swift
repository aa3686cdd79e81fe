import Judgement
import ReplicationModel
import Testing

struct StartingTests {
    @Test("A standby that has just started is not judged before it had the time to begin to stream", arguments: [(14.9, 0), (15, 1)])
    func justStarted(age: Double, count: Int) {
        let s = standby(start: 1_000 - age, at: 0x400_0000, from: upstream("p", slot: "x"), isUp: false)
        let found = findings([report("p", primary(start: 1), at: [address("p")]), report("s", s)])
        for code in [FindingCode.standbyNotStreaming, .slotMissingAtUpstream] {
            #expect(found.filter { $0.code == code }.count == count, "\(code)")
        }
    }

    @Test("Nor is it said to follow an old timeline", arguments: [(14.9, 0), (15, 1)])
    func timeline(age: Double, count: Int) {
        let reports = [report("p", primary(start: 1, timeline: 2)), report("s", standby(start: 1_000 - age))]
        #expect(findings(.timelineBehind, reports).count == count)
    }

    @Test("By the server's own clock; one whose start or clock is unknown is judged")
    func clocks() {
        func found(_ change: (inout ServerSnapshot) -> Void) -> Int {
            findings(.standbyNotStreaming, [report("s", standby(start: 990, isUp: false, change))]).count
        }
        #expect(found { $0.clockOffset = 6 } == 1)
        #expect(found { $0.clockOffset = -6 } == 0)
        #expect(found { $0.clockOffset = nil } == 1)
        #expect(found { $0.identity.postmasterStart = nil } == 1)
    }
}
