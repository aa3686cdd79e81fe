import Exposition
import MetricCatalog
import ReplicationModel
import Testing

struct ExpectationSeriesTests {
    private let expectations = Expectations(
        role: .primary,
        slots: [
            ExpectedSlot(name: "standby1", type: .physical, scope: .primary, source: .config),
            ExpectedSlot(name: "standby1", type: nil, scope: .any, source: .patroni),
            ExpectedSlot(name: "standby_cluster", type: .physical, scope: .primary, source: .config),
            ExpectedSlot(name: "of_a_standby", type: .physical, scope: .standby, source: .config),
        ],
        standbys: [
            ExpectedStandby(applicationName: "dc2-leader", scope: .primary, source: .config),
            ExpectedStandby(applicationName: "sby1", scope: .any, source: .patroni),
        ]
    )

    @Test("Something expected is a series, 1 when it is not there")
    func missing() {
        let page = page(.up(primary))
        #expect(page[#"pgwal_slot_expected{target="a",slot_name="standby_cluster",source="config"}"#] == "1")
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="standby_cluster",source="config"}"#] == "1")
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="standby1",source="config"}"#] == "0")
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="standby1",source="patroni"}"#] == "0")
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="of_a_standby",source="config"}"#] == "0")
        #expect(page[#"pgwal_standby_missing{target="a",application_name="dc2-leader",source="config"}"#] == "1")
        #expect(page[#"pgwal_standby_missing{target="a",application_name="sby1",source="patroni"}"#] == "0")
        #expect(page[#"pgwal_role_mismatch{target="a"}"#] == "0")
        #expect(page[#"pgwal_role_expected{target="a",role="primary"}"#] == "1")
        #expect(page[#"pgwal_role_expected{target="a",role="any"}"#] == "0")
    }

    @Test("While the target is down, what is expected stays, and whether it is there is not guessed")
    func down() {
        let page = page(.down(reason: "refused"))
        #expect(page[#"pgwal_slot_expected{target="a",slot_name="standby_cluster",source="config"}"#] == "1")
        #expect(page[#"pgwal_standby_expected{target="a",application_name="sby1",source="patroni"}"#] == "1")
        #expect(page[#"pgwal_role_expected{target="a",role="primary"}"#] == "1")
        #expect(!page.keys.contains { $0.contains("_missing{") && !$0.contains("privilege") || $0.contains("role_mismatch") })
    }

    @Test("Slots and walsenders that could not be read are not missing")
    func unknown() {
        var snapshot = primary
        snapshot.slots = nil
        snapshot.walsenders = []
        snapshot.hiddenWalsenders = 1
        let page = page(.up(snapshot))
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="standby_cluster",source="config"}"#] == nil)
        #expect(page[#"pgwal_standby_missing{target="a",application_name="dc2-leader",source="config"}"#] == nil)
    }

    @Test("A walsender that is starting up at each retry is no standby")
    func startup() {
        var snapshot = primary
        snapshot.walsenders = [Walsender(applicationName: "dc2-leader", state: .startup, current: LSN(1))]
        #expect(page(.up(snapshot))[#"pgwal_standby_missing{target="a",application_name="dc2-leader",source="config"}"#] == "1")
        snapshot.walsenders = [Walsender(applicationName: "dc2-leader", state: .catchup, current: LSN(1))]
        #expect(page(.up(snapshot))[#"pgwal_standby_missing{target="a",application_name="dc2-leader",source="config"}"#] == "0")
    }

    @Test("An address that leads to a standby although a primary is expected is a mismatch, and nothing is missing there")
    func role() {
        let page = page(.up(.standby18))
        #expect(page[#"pgwal_role_mismatch{target="a"}"#] == "1")
        #expect(page[#"pgwal_slot_missing{target="a",slot_name="standby_cluster",source="config"}"#] == "0")
    }

    private var primary: ServerSnapshot {
        var snapshot = ServerSnapshot(identity: ServerSnapshot.primary18.identity, role: .primary)
        snapshot.slots = [Slot(name: "standby1", type: .physical, current: LSN(1))]
        snapshot.walsenders = [Walsender(applicationName: "sby1", state: .streaming, current: LSN(1))]
        return snapshot
    }

    private func page(_ outcome: TargetReport.Outcome) -> [String: String] {
        series([TargetReport(name: "a", labels: [], outcome: outcome, seconds: 0, connects: 1, errors: [:], expectations: expectations)])
    }
}
