import ReplicationModel
import Testing

struct CollectorNameTests {
    @Test("Every collector can be named in a flag and explained in a line", arguments: CollectorName.allCases)
    func nameAndSummary(name: CollectorName) {
        #expect(name.rawValue.allSatisfy { $0.isLowercase || $0 == "_" })
        #expect(!name.summary.isEmpty && !name.summary.contains("\n"))
    }

    @Test("Every privilege says how to get it", arguments: Privilege.allCases)
    func cures(privilege: Privilege) {
        #expect(privilege.cure.hasPrefix("GRANT ") && privilege.cure.contains(privilege.rawValue))
    }
}
