import ReplicationModel
import Testing

@testable import Judgement

@Suite struct HeadlineTests {
    private func headline(_ reports: [TargetReport]) -> Headline {
        Headline(Topology(FleetView(reports: reports, clusters: [], now: 1_000_000)))
    }

    @Test("All is well, of one and of several; notices aside")
    func well() {
        #expect(headline([]).text == "There is no server")
        #expect(headline([report("a", primary(start: 1))]).text.hasPrefix("The server is well"))
        #expect(headline([report("a", primary(start: 1)), report("b", standby(start: 2))]).worst == nil)
    }

    @Test("What is wrong, and in how many of how many")
    func wrong() {
        let one = headline([report("a", primary(start: 1)), downReport("b"), downReport("c")])
        #expect(one.text.hasPrefix("2 critical in 2 of 3 servers"))
        #expect(one.worst == .critical)
    }
}
