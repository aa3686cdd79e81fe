import Judgement
import ReplicationModel
import Testing

@testable import Terminal

/// `check lag`, and the healthy standbys that look like late ones.
@Suite struct LagCheckTests {
    private func result(expecting expectations: Expectations = Expectations(), _ change: (inout ServerSnapshot) -> Void) -> CheckResult {
        let identity = ServerIdentity(
            versionNumber: 180006,
            version: "18.6",
            systemIdentifier: "7541",
            clusterName: "",
            address: nil,
            postmasterStart: 1000,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: .standby)
        snapshot.clockOffset = 0
        snapshot.recovery = Recovery(
            received: LSN(9),
            replayed: LSN(5),
            lastReplayedTransaction: nil,
            pauseState: .notPaused,
            timeline: nil,
            isEndKnown: true
        )
        snapshot.recovery?.replayLag = 1800
        let session = Receiver.Session(status: .streaming, upstreamEnd: LSN(9), transit: 0.001)
        snapshot.receiver = Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: false, hasRestoreCommand: false)
        snapshot.settings = Settings()
        change(&snapshot)
        let report = TargetReport(
            name: "s",
            labels: [],
            outcome: .up(snapshot),
            seconds: 0.01,
            connects: 1,
            errors: [:],
            expectations: expectations,
            membership: nil,
            addresses: []
        )
        let view = FleetView(reports: [report], clusters: [], now: 2000)
        return Checks(view, warning: MonitoringRange("60", .seconds), critical: MonitoringRange("300", .seconds)).result(.lag, role: nil)
    }

    @Test("One that is late is CRITICAL; one that is late on purpose is not, by its setting or by what was said")
    func delayed() {
        #expect(result { _ in }.status == .critical)
        #expect(result { $0.settings?.recoveryMinApplyDelaySeconds = 1790 }.status == .ok)
        #expect(result { $0.settings?.recoveryMinApplyDelaySeconds = 1700 }.status == .warning)
        var meant = Expectations()
        meant.delaySeconds = 1795
        #expect(result(expecting: meant) { _ in }.status == .ok)
    }

    @Test("One that receives nothing is CRITICAL where the rules say so; while it replays its own pg_wal it is not known")
    func cutOff() {
        let cutOff = result { $0.receiver?.session = nil }
        #expect(cutOff.status == .critical)
        #expect(cutOff.text.contains("s: standby_not_streaming"))
        let replaying = result {
            $0.receiver?.session = nil
            $0.recovery?.isEndKnown = false
        }
        #expect(replaying.status == .unknown)
    }

    @Test(
        "Of a lower bound what is critical already is told; else it is not known, neither by the standby nor by a walsender of one that is not asked"
    )
    func lowerBound() {
        func late(_ seconds: Double) -> CheckResult {
            result {
                $0.recovery?.replayLag = seconds
                $0.recovery?.replayLagIsLowerBound = true
            }
        }
        #expect(late(301).status == .critical)
        #expect(late(301).text.contains("s is at least 5 min behind") && late(301).performance.isEmpty)
        #expect(late(299).status == .unknown && late(0).status == .unknown)
        func sent(_ seconds: Double, isLowerBound: Bool) -> CheckResult {
            result {
                $0.role = .primary
                $0.recovery = nil
                $0.receiver = nil
                var walsender = Walsender(applicationName: "x", state: .streaming, current: LSN(9), replayed: LSN(5))
                walsender.replayAge = seconds
                walsender.ageIsLowerBound = isLowerBound
                $0.walsenders = [walsender]
            }
        }
        #expect(sent(5, isLowerBound: false).status == .ok)
        #expect(sent(5, isLowerBound: true).status == .unknown)
        #expect(sent(301, isLowerBound: true).status == .critical)
    }

    @Test("A clone is behind nobody")
    func detached() {
        var meant = Expectations()
        meant.isDetached = true
        #expect(result(expecting: meant) { $0.receiver?.session = nil }.status == .ok)
    }
}
