import Exposition
import Judgement
import MetricCatalog
import ReplicationModel
import Testing

struct FindingSeriesTests {
    @Test("A series for each code, severity and confidence at a target, whatever number of slots it is; a silenced one is another metric")
    func codes() {
        let silence = Silence(.slotLost, until: 2, reason: "known")
        var silenced = Finding(.slotLost, target: "a", slot: "z", summary: "")
        silenced.silence = silence
        let findings = [
            Finding(.slotLost, target: "a", slot: "x", summary: ""), Finding(.slotLost, target: "a", slot: "y", summary: ""),
            Finding(.slotLostCopy, target: "a", slot: "y", summary: ""), silenced, Finding(.targetDown, target: "b", summary: ""),
            Finding(.slotMissingAtPrimary, target: nil, standby: "b", summary: ""), Finding(.patroniDown, target: nil, summary: ""),
        ]
        let reports = ["a", "b"].map { report(.primary18, name: $0, labels: [("site", "dc1")]) }
        let page = String(decoding: Catalog.page(of: reports, findings: findings, exporter: nil, format: .prometheusText), as: UTF8.self)
        let found = page.split(separator: "\n").filter { $0.hasPrefix("pgwal_finding") }
        #expect(
            found == [
                #"pgwal_finding{target="a",site="dc1",code="slot_lost",severity="critical",confidence="proven"} 2"#,
                #"pgwal_finding{target="a",site="dc1",code="slot_lost",severity="warning",confidence="proven"} 1"#,
                #"pgwal_finding{target="b",site="dc1",code="slot_missing_at_upstream",severity="critical",confidence="suspected"} 1"#,
                #"pgwal_finding{target="b",site="dc1",code="target_down",severity="critical",confidence="proven"} 1"#,
                #"pgwal_finding_silenced{target="a",site="dc1",code="slot_lost"} 1"#,
            ]
        )
    }

    @Test("A detached server is of a family of its own, by the label that rules join by")
    func detached() {
        var detached = report(.primary18)
        detached.detach()
        let identifier = ServerSnapshot.primary18.identity.systemIdentifier
        let page = lines([detached]).joined(separator: "\n")
        #expect(page.contains("system_identifier=\"\(identifier)@orders-dc1-a\""))
    }

    @Test(
        "How late a standby is on purpose: by what was said, or by its setting, whichever is more",
        arguments: [(nil, 0, nil), (60, 0, "60"), (60, 120, "120"), (nil, 5, "5")] as [(Double?, Double, String?)]
    )
    func delay(expected: Double?, setting: Double, value: String?) {
        var snapshot = ServerSnapshot.standby18
        snapshot.settings?.recoveryMinApplyDelaySeconds = setting
        var report = report(snapshot)
        report.expectations.delaySeconds = expected
        #expect(series([report])[#"pgwal_delay_expected_seconds{target="orders-dc1-a"}"#] == value)
    }
}
