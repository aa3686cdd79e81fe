import Judgement
import ReplicationModel
import Testing

struct RoleCheckTests {
    private func report(_ snapshot: ServerSnapshot?) -> TargetReport {
        TargetReport(name: "a", labels: [], outcome: snapshot.map { .up($0) } ?? .down(reason: "refused"), seconds: 0, connects: 1, errors: [:])
    }

    private func server(_ role: ServerRole, lag: Double? = nil, bytes: Int64? = nil) -> ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "1",
            clusterName: "",
            address: nil,
            postmasterStart: 1,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: role)
        guard role == .standby else { return snapshot }
        let replayed = LSN(1 << 30)
        snapshot.recovery = Recovery(received: replayed, replayed: replayed, lastReplayedTransaction: nil, pauseState: .notPaused, timeline: nil)
        snapshot.recovery?.replayLag = lag
        let session = bytes.map { Receiver.Session(status: .streaming, upstreamEnd: LSN((1 << 30) + $0), transit: 0.001) }
        snapshot.receiver = Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
        return snapshot
    }

    @Test("A server is fit for the role that it has, and for no other")
    func roles() {
        #expect(RoleCheck(role: .primary).verdict(on: report(server(.primary))).isFit)
        #expect(!RoleCheck(role: .standby).verdict(on: report(server(.primary))).isFit)
        #expect(RoleCheck(role: .standby).verdict(on: report(server(.standby))).isFit)
        #expect(!RoleCheck(role: .primary).verdict(on: report(server(.standby))).isFit)
    }

    @Test("A server that does not answer is fit for nothing", arguments: ServerRole.allCases)
    func down(role: ServerRole) {
        #expect(RoleCheck(role: role).verdict(on: report(nil)) == .init(isFit: false, reason: "unknown: refused"))
    }

    @Test("A standby may be as far behind as is allowed", arguments: [(4.9, true), (5, true), (5.1, false)])
    func seconds(lag: Double, isFit: Bool) {
        #expect(RoleCheck(role: .standby, maximumLagSeconds: 5).verdict(on: report(server(.standby, lag: lag, bytes: 0))).isFit == isFit)
    }

    @Test("In bytes too", arguments: [(1024, true), (1025, false)] as [(Int64, Bool)])
    func bytes(lag: Int64, isFit: Bool) {
        #expect(RoleCheck(role: .standby, maximumLagBytes: 1024).verdict(on: report(server(.standby, lag: 0, bytes: lag))).isFit == isFit)
    }

    @Test("Both limits count")
    func both() {
        let check = RoleCheck(role: .standby, maximumLagSeconds: 5, maximumLagBytes: 1024)
        #expect(check.verdict(on: report(server(.standby, lag: 1, bytes: 1))).isFit)
        #expect(!check.verdict(on: report(server(.standby, lag: 9, bytes: 1))).isFit)
        #expect(!check.verdict(on: report(server(.standby, lag: 1, bytes: 9999))).isFit)
    }

    @Test("A lag that is unknown is no lag of 0")
    func unknown() {
        let cutOff = report(server(.standby))
        #expect(!RoleCheck(role: .standby, maximumLagSeconds: 3600).verdict(on: cutOff).isFit)
        #expect(!RoleCheck(role: .standby, maximumLagBytes: 1 << 40).verdict(on: cutOff).isFit)
        #expect(RoleCheck(role: .standby).verdict(on: cutOff).isFit)
    }

    @Test("A primary has no lag")
    func primary() {
        #expect(RoleCheck(role: .primary, maximumLagSeconds: 0, maximumLagBytes: 0).verdict(on: report(server(.primary))).isFit)
    }
}
