import Judgement
import ReplicationModel
import Testing

struct RewindReadinessTests {
    @Test("Ready: hints or checksums, full_page_writes, and the WAL since the last checkpoint kept or archived")
    func ready() {
        #expect(readiness { _ in }.isReady == true)
        #expect(readiness { _ in }.blockers == [.hintsAndChecksumsOff: false, .fullPageWritesOff: false, .walNotKept: false])
        let checksums = readiness { settings in (settings.walLogHints, settings.dataChecksums) = (false, true) }
        #expect(checksums.isReady == true)
        let archive = readiness { settings in (settings.walKeepSizeBytes, settings.hasRestoreCommand) = (0, true) }
        #expect(archive.isReady == true)
        // Nothing has to be restored when all is kept.
        let kept = readiness { settings in settings.hasRestoreCommand = nil }
        #expect(kept.isReady == true)
    }

    @Test("Each blocker alone blocks")
    func blocked() {
        let hints = readiness { $0.walLogHints = false }
        #expect(hints.isReady == false)
        #expect(hints.blockers[.hintsAndChecksumsOff] == true)
        let writes = readiness { $0.fullPageWrites = false }
        #expect(writes.isReady == false)
        #expect(writes.blockers[.fullPageWritesOff] == true)
        let keep = readiness { $0.walKeepSizeBytes = 0x10_0000 - 1 }
        #expect(keep.isReady == false)
        #expect(keep.blockers[.walNotKept] == true)
        let enough = readiness { $0.walKeepSizeBytes = 0x10_0000 }
        #expect(enough.isReady == true)
    }

    @Test("What is unknown is absent, and then it is ready for nobody; what blocks for certain still does")
    func unknown() {
        let hints = readiness { settings in (settings.walLogHints, settings.dataChecksums) = (nil, false) }
        #expect(hints.isReady == nil)
        #expect(hints.blockers[.hintsAndChecksumsOff] == nil)
        #expect(hints.blockers.count == 2)
        let keep = readiness { $0.walKeepSizeBytes = nil }
        #expect(keep.blockers[.walNotKept] == nil)
        let archive = readiness { settings in (settings.walKeepSizeBytes, settings.hasRestoreCommand) = (0, nil) }
        #expect(archive.blockers[.walNotKept] == nil)
        let both = readiness { settings in (settings.walKeepSizeBytes, settings.fullPageWrites) = (nil, false) }
        #expect(both.isReady == false)
        var snapshot = primary(start: 1)
        snapshot.settings = nil
        #expect(RewindReadiness(snapshot).blockers.isEmpty)
        #expect(RewindReadiness(snapshot).isReady == nil)
        snapshot = primary(start: 1) { $0.checkpoints = nil }
        #expect(RewindReadiness(snapshot).isReady == nil)
    }

    @Test("A standby goes by its own settings and its last restartpoint")
    func onStandby() {
        let ready = RewindReadiness(standby(start: 1))
        #expect(ready.isReady == true)
        let blocked = RewindReadiness(standby(start: 1) { $0.settings?.walKeepSizeBytes = 0 })
        #expect(blocked.blockers[.walNotKept] == true)
    }

    @Test("The finding: a notice, with the settings that cure it; the alert is of primaries")
    func finding() throws {
        let bad: (inout ServerSnapshot) -> Void = { snapshot in
            snapshot.settings?.walLogHints = false
            snapshot.settings?.walKeepSizeBytes = 0
        }
        let reports = [report("p", primary(start: 1, bad)), report("s", standby(start: 2, bad))]
        let found = findings(.rewindNotReady, reports)
        #expect(found.map(\.target) == ["p", "s"])
        #expect(found.map(\.severity) == [.notice, .notice])
        #expect(found.map { $0.alert?.name } == ["PgwalRewindNotReady", nil])
        let finding = try #require(found.first)
        #expect(finding.cures(.setting) == ["wal_log_hints = on", "wal_keep_size = '1024MB'"])
        #expect(finding.value(of: "WAL since the last checkpoint's redo position") == "1 MiB")
        let writes = findings(.rewindNotReady, [report("s", standby(start: 2) { $0.settings?.fullPageWrites = false })])
        #expect(writes.first?.cures(.setting) == ["full_page_writes = on"])
    }

    @Test("A primary that nobody could take over from needs no pg_rewind")
    func alone() {
        func found(_ change: (inout ServerSnapshot) -> Void, member: String? = nil) -> Int {
            findings(
                .rewindNotReady,
                [
                    report(
                        "p",
                        primary(start: 1) {
                            $0.settings?.walLogHints = false
                            change(&$0)
                        },
                        member: member
                    )
                ]
            ).count
        }
        #expect(found { _ in } == 0)
        #expect(found({ _ in }, member: "p") == 1)
        #expect(found { $0.slots = [slot("s", active: true)] } == 1)
        #expect(found { $0.slots = [slot("s", type: .logical, active: true), slot("b", active: true, temporary: true)] } == 0)
        #expect(found { $0.walsenders = [walsender("s")] } == 1)
        // A base backup, and pg_receivewal, which replays nothing.
        #expect(found { $0.walsenders = [walsender("b", state: .backup), walsender("r", replayed: nil)] } == 0)
    }

    private func readiness(_ change: (inout Settings) -> Void) -> RewindReadiness {
        RewindReadiness(primary(start: 1) { change(&$0.settings!) })
    }
}
