import Judgement
import ReplicationModel
import Testing

struct RoleCheckTests {
    private func report(_ snapshot: ServerSnapshot?, behind: BehindPrimary? = nil) -> TargetReport {
        var report = TargetReport(
            name: "a",
            labels: [],
            outcome: snapshot.map { .up($0) } ?? .down(reason: "refused"),
            seconds: 0,
            connects: 1,
            errors: [:]
        )
        report.behindPrimary = behind
        return report
    }

    private func behind(_ seconds: Double, _ bytes: Int64 = 1, unseen: Double = 0.5, isLowerBound: Bool = false) -> BehindPrimary {
        BehindPrimary(primary: "p", bytes: bytes, seconds: seconds, isLowerBound: isLowerBound, unseenSeconds: unseen)
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

    @Test("A standby may be as far behind its primary as is allowed", arguments: [(4.9, true), (5, true), (5.1, false)])
    func seconds(lag: Double, isFit: Bool) {
        let report = report(server(.standby, lag: 0, bytes: 0), behind: behind(lag))
        #expect(RoleCheck(role: .standby, maximumLagSeconds: 5).verdict(on: report).isFit == isFit)
    }

    @Test("In bytes too", arguments: [(1024, true), (1025, false)] as [(Int64, Bool)])
    func bytes(lag: Int64, isFit: Bool) {
        let report = report(server(.standby, lag: 0, bytes: 0), behind: behind(0, lag))
        #expect(RoleCheck(role: .standby, maximumLagBytes: 1024).verdict(on: report).isFit == isFit)
    }

    @Test("Both limits count")
    func both() {
        let check = RoleCheck(role: .standby, maximumLagSeconds: 5, maximumLagBytes: 1024)
        func isFit(_ seconds: Double, _ bytes: Int64) -> Bool {
            check.verdict(on: report(server(.standby, lag: 0, bytes: 0), behind: behind(seconds, bytes))).isFit
        }
        #expect(isFit(1, 1))
        #expect(!isFit(9, 1))
        #expect(!isFit(1, 9999))
    }

    @Test("What a standby has heard itself never makes it fit, and makes it unfit also where the rest is unknown", arguments: [false, true])
    func ownWord(acceptsUnknown: Bool) {
        let check = RoleCheck(role: .standby, maximumLagSeconds: 5, acceptsUnknownLag: acceptsUnknown)
        let bytes = RoleCheck(role: .standby, maximumLagBytes: 1024, acceptsUnknownLag: acceptsUnknown)
        #expect(check.verdict(on: report(server(.standby, lag: 0, bytes: 0))).isFit == acceptsUnknown)
        #expect(bytes.verdict(on: report(server(.standby, lag: 0, bytes: 0))).isFit == acceptsUnknown)
        #expect(!check.verdict(on: report(server(.standby, lag: 6, bytes: 0))).isFit)
        #expect(!bytes.verdict(on: report(server(.standby, lag: 0, bytes: 1025))).isFit)
        #expect(!check.verdict(on: report(server(.standby, lag: 6, bytes: 0), behind: behind(0))).isFit)
        #expect(!check.verdict(on: report(nil)).isFit)
        #expect(!check.verdict(on: report(server(.primary))).isFit)
    }

    @Test("One that has all of its primary's WAL is behind by at most the time since that was seen")
    func unseen() {
        func verdict(_ unseen: Double, acceptsUnknown: Bool = false) -> RoleCheck.Verdict {
            let check = RoleCheck(role: .standby, maximumLagSeconds: 5, acceptsUnknownLag: acceptsUnknown)
            return check.verdict(on: report(server(.standby), behind: behind(0, 0, unseen: unseen)))
        }
        #expect(verdict(5).isFit)
        #expect(!verdict(5.1).isFit)
        #expect(verdict(5.1).reason == "is a standby; how far behind its primary is unknown: its primary was seen last 5.1 s ago")
        #expect(verdict(5.1, acceptsUnknown: true).isFit)
        // How late one is that lacks something is known, whenever the primary was seen.
        #expect(RoleCheck(role: .standby, maximumLagSeconds: 500).verdict(on: report(server(.standby), behind: behind(300, 1, unseen: 300))).isFit)
    }

    @Test("At least so much is not at most so much; how many bytes are missing is known of a primary that was just seen")
    func bounds() {
        let hour = RoleCheck(role: .standby, maximumLagSeconds: 3600)
        #expect(!hour.verdict(on: report(server(.standby), behind: behind(30, isLowerBound: true))).isFit)
        let bytes = RoleCheck(role: .standby, maximumLagBytes: 1 << 40)
        #expect(!bytes.verdict(on: report(server(.standby), behind: behind(0, 0, unseen: 6))).isFit)
        #expect(bytes.verdict(on: report(server(.standby), behind: behind(0, 0, unseen: 1))).isFit)
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
