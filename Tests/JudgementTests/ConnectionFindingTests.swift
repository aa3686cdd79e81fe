import Judgement
import ReplicationModel
import Testing

struct ConnectionFindingTests {
    // MARK: standby_missing

    @Test("An expected standby that is not connected, or only tries to", arguments: [nil, .startup, .backup] as [Walsender.State?])
    func missing(state: Walsender.State?) throws {
        let finding = try #require(missing(state.map { [walsender("dc2-leader", state: $0)] } ?? []).first)
        #expect(finding.severity == .warning)
        #expect(finding.target == "p")
        #expect(finding.standby == "dc2-leader")
        #expect(finding.value(of: "expected by") == "config")
        #expect(finding.cures(.sql) == ["SELECT * FROM pg_stat_replication WHERE application_name = 'dc2-leader';"])
    }

    @Test("A connected standby, unknown or hidden walsenders, and the other role")
    func notMissing() {
        #expect(missing([walsender("dc2-leader")]).isEmpty)
        #expect(missing([walsender("dc2-leader", state: .catchup)]).isEmpty)
        #expect(missing(nil).isEmpty)
        #expect(missing([], hidden: 1).isEmpty)
        let expected = Expectations(standbys: [.init(applicationName: "x", scope: .primary, source: .config)])
        #expect(findings(.standbyMissing, [report("s", standby(start: 1), expecting: expected)]).isEmpty)
    }

    @Test("A standby among the targets goes by its target, with what it says of itself")
    func missingTarget() {
        let s = standby(start: 2, from: upstream("10.77.1.100", slot: "x"), isUp: false)
        let found = missing([], and: [report("site2", s, member: "dc2-leader")])
        #expect(found.map(\.standby) == ["site2"])
        #expect(found.first?.value(of: "pg_stat_wal_receiver.status at site2") == "stopped")
    }

    @Test("A hostile application name stays a literal")
    func hostileName() throws {
        let expected = Expectations(standbys: [.init(applicationName: "x'; DROP TABLE t; --", scope: .any, source: .config)])
        let finding = try #require(findings(.standbyMissing, [report("p", primary(start: 1), expecting: expected)]).first)
        #expect(finding.cures(.sql) == ["SELECT * FROM pg_stat_replication WHERE application_name = 'x''; DROP TABLE t; --';"])
    }

    // MARK: sync_not_satisfied

    @Test("Fewer synchronous standbys than wanted: commits hang")
    func syncNotSatisfied() throws {
        let finding = try #require(sync("ANY 2 (a, b)", [walsender("a", sync: .quorum)]).first)
        #expect(finding.severity == .critical)
        #expect(finding.value(of: "synchronous standbys wanted") == "2")
        #expect(finding.value(of: "synchronous standbys connected") == "1")
        #expect(finding.cures(.sql).first == "ALTER SYSTEM SET synchronous_standby_names = '';")
        #expect(sync("a", [walsender("a", state: .catchup, sync: .sync)]).count == 1)
        #expect(sync("a", [], commit: "local").map(\.severity) == [.warning])
    }

    @Test("Enough, none wanted, or unknown")
    func syncSatisfied() {
        #expect(sync("ANY 1 (a, b)", [walsender("a", sync: .quorum)]).isEmpty)
        #expect(sync("", []).isEmpty)
        #expect(sync(nil, []).isEmpty)
        #expect(sync("a", nil).isEmpty)
        #expect(sync("a", [], hidden: 1).isEmpty)
        #expect(sync("((", []).isEmpty)
    }

    @Test("Patroni sets the names itself")
    func syncUnderPatroni() {
        let p = primary(start: 1) { $0.settings?.synchronousStandbyNames = "a" }
        let found = findings(.syncNotSatisfied, [report("p", p, member: "p")])
        #expect(found.first?.cures(.sql) == [])
        #expect(found.first?.cures(.command) == ["patronictl list dc1"])
    }

    // MARK: archiver_failing

    @Test("An archiver that fails, never succeeded, or has nothing to do it with", arguments: [100, nil] as [Double?])
    func archiver(lastArchived: Double?) {
        let failing = archiver(lastArchived: lastArchived, lastFailed: 200)
        #expect(failing.map(\.severity) == [.warning])
        #expect(failing.first?.value(of: "last_failed_time") == "1970-01-01T00:03:20Z")
        #expect(archiver(lastArchived: lastArchived, lastFailed: nil, lacksCommand: true).first?.cures(.setting).count == 1)
        #expect(archiver(lastArchived: 300, lastFailed: 200).isEmpty)
        #expect(findings(.archiverFailing, [report("p", primary(start: 1))]).isEmpty)
    }

    @Test("What the server of a service waits for inside is no standby that is missing: unknown, not unsatisfied")
    func servedOutside() {
        func found(_ names: String, _ walsenders: [Walsender] = []) -> [FindingCode] {
            let p = primary(start: 1) {
                $0.settings?.synchronousStandbyNames = names
                $0.walsenders = walsenders
            }
            return findings(.syncNotSatisfied, [report("p", p)]).map(\.code)
        }
        #expect(found("walproposer") == [] && found("FIRST 1 (\"walproposer\")") == [] && found("a form of its own (") == [])
        #expect(found("walproposer, b") == [.syncNotSatisfied] && found("walproposers") == [.syncNotSatisfied])
        #expect(found("b", [walsender("b", sync: .sync)]) == [])
    }

    @Test("Files that wait for long are told of, whatever is counted as a failure; one that is being archived is not")
    func archiveBacklog() {
        func backlog(_ oldest: Double?, lastFailed: Double? = nil) -> [Finding] {
            let p = primary(start: 1) {
                $0.archiver = Archiver(
                    archived: 5,
                    failed: lastFailed == nil ? 0 : 1,
                    lastArchivedFile: nil,
                    lastArchived: 100,
                    lastFailed: lastFailed,
                    lacksCommand: false
                )
                $0.archiveStatus = ArchiveStatus(ready: oldest == nil ? 0 : 7, oldestReady: oldest, readAt: 10_000)
                $0.walDirectory = directory(oldest: 0x100_0000, readAt: 10_000)
            }
            return findings([report("p", p)])
        }
        let found = backlog(9_099)
        #expect(found.map(\.code) == [.archiveBacklogOld])
        #expect(found.first?.value(of: "files that wait to be archived") == "7")
        #expect(backlog(9_100) == [] && backlog(nil) == [])
        #expect(backlog(9_099, lastFailed: 200).map(\.code) == [.archiverFailing], "that says more")
    }

    // MARK: privilege_missing

    @Test("What the role may not see is told once of a server, with the GRANT")
    func privileges() {
        let p = primary(start: 1) {
            $0.privileges = [.init(privilege: .readAllStatistics, isGranted: false), .init(privilege: .listWALDirectory, isGranted: true)]
        }
        let found = findings(.privilegeMissing, [report("p", p), report("vip", p)])
        #expect(found.map(\.target) == ["p"])
        #expect(found.first?.severity == .warning)
        #expect(found.first?.cures(.sql) == ["GRANT pg_read_all_stats TO <role>;"])
        #expect(found.first?.value(of: "may use pg_read_all_stats") == "false")
        // Another role at the same server.
        var other = p
        other.privileges = [.init(privilege: .listWALDirectory, isGranted: false)]
        #expect(findings(.privilegeMissing, [report("p", p), report("vip", other)]).map(\.target) == ["p", "vip"])
        #expect(findings(.privilegeMissing, [report("p", primary(start: 1))]).isEmpty)
    }

    // MARK: target_down, patroni_down

    @Test("A target that does not answer, with what was seen of it last")
    func targetDown() throws {
        let found = findings(.targetDown, [downReport("a", lastSeen: primary(start: 1), seenAt: 60), report("b", primary(start: 2))])
        #expect(found.map(\.target) == ["a"])
        #expect(found.first?.severity == .critical)
        #expect(found.first?.value(of: "connection") == "connection refused")
        #expect(found.first?.value(of: "seen last") == "1970-01-01T00:01:00Z")
        #expect(found.first?.value(of: "role when it was seen last") == "primary")
    }

    @Test("A cluster of which no interface answers; one that answers is enough")
    func patroniDown() {
        var cluster = PatroniCluster(
            name: "dc1",
            endpoints: [.init(url: "http://a:8008", problem: "refused"), .init(url: "http://b:8008", problem: "timeout")]
        )
        let found = findings(.patroniDown, [], clusters: [cluster])
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.summary.contains("dc1") == true)
        #expect(found.first?.value(of: "http://b:8008") == "timeout")
        cluster.readAt = 990
        for (polls, isDown) in [(1, false), (2, false), (3, true)] {
            cluster.failedPolls = polls
            #expect(findings(.patroniDown, [], clusters: [cluster]).isEmpty != isDown)
        }
        cluster.endpoints[1].problem = nil
        #expect(findings(.patroniDown, [], clusters: [cluster]).isEmpty)
        cluster.endpoints = []
        #expect(findings(.patroniDown, [], clusters: [cluster]).isEmpty)
    }

    @Test("Members that are not watched; one without an address may be about to start")
    func unwatched() {
        var cluster = PatroniCluster(name: "dc1")
        #expect(findings(.patroniMembersUnwatched, [], clusters: [cluster]).isEmpty)
        cluster.unwatched = [.withoutAddress: ["a"], .outside: [], .atOthers: [], .beyondLimit: []]
        #expect(findings(.patroniMembersUnwatched, [], clusters: [cluster]).isEmpty)
        cluster.unwatched[.beyondLimit] = (1...7).map { "m\($0)" }
        var found = findings(.patroniMembersUnwatched, [], clusters: [cluster])
        #expect(found.map(\.severity) == [.notice])
        #expect(found.first?.value(of: "beyond max_members") == "m1, m2, m3, m4, m5 and 2 more")
        cluster.unwatched[.outside] = ["evil"]
        found = findings(.patroniMembersUnwatched, [], clusters: [cluster])
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.summary.contains("dc1") == true)
        #expect(found.first?.value(of: "outside members_within") == "evil")
        #expect(found.first?.cures(.advice).count == 2)
    }

    // MARK: order

    @Test("The worst comes first, then by target")
    func order() {
        let unlimited = primary(start: 1) {
            $0.settings?.maxSlotWALKeepSizeBytes = nil
            $0.slots = [slot("x"), slot("y", status: .lost)]
        }
        let found = findings([report("z", unlimited), downReport("b"), downReport("a")])
        #expect(found.map(\.code) == [.targetDown, .targetDown, .slotLost, .slotInactive, .slotRetentionUnlimited])
        #expect(found.map(\.target) == ["a", "b", "z", "z", "z"])
    }

    private func missing(_ walsenders: [Walsender]?, hidden: Int = 0, and others: [TargetReport] = []) -> [Finding] {
        let p = primary(start: 1) {
            $0.walsenders = walsenders
            $0.hiddenWalsenders = hidden
        }
        let expected = Expectations(standbys: [.init(applicationName: "dc2-leader", scope: .any, source: .config)])
        return findings(.standbyMissing, [report("p", p, expecting: expected)] + others)
    }

    private func sync(_ names: String?, _ walsenders: [Walsender]?, hidden: Int = 0, commit: String? = nil) -> [Finding] {
        findings(
            .syncNotSatisfied,
            [
                report(
                    "p",
                    primary(start: 1) {
                        $0.settings?.synchronousStandbyNames = names
                        $0.settings?.synchronousCommit = commit
                        $0.walsenders = walsenders
                        $0.hiddenWalsenders = hidden
                    }
                )
            ]
        )
    }

    private func archiver(lastArchived: Double?, lastFailed: Double?, lacksCommand: Bool = false) -> [Finding] {
        findings(
            .archiverFailing,
            [
                report(
                    "p",
                    primary(start: 1) {
                        $0.archiver = Archiver(
                            archived: 1,
                            failed: 18,
                            lastArchivedFile: nil,
                            lastArchived: lastArchived,
                            lastFailed: lastFailed,
                            lacksCommand: lacksCommand
                        )
                    }
                )
            ]
        )
    }
}
