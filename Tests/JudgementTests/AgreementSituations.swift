import Judgement
import ReplicationModel

extension Situation {
    /// Twins that no situation here has: the alert counts an increase, and a page that stays as it is shows none.
    static let notMade: Set<String> = ["PgwalSlotRecreated"]

    static var all: [Situation] { healthy + ofSlots + ofStandbys + ofPrimaries + ofFailoverSlots + ofTargets }

    /// What looks like a fault, and is none.
    private static var healthy: [Situation] {
        [
            Situation(name: "healthy", reports: pair()),
            Situation(name: "a pair that the exporter sees half of", reports: [pair()[1]]),
            Situation(
                name: "a delayed standby was restarted, and replays its own pg_wal",
                reports: pair(
                    primary: {
                        $0.walDirectory = directory(oldest: 0x600_0000)
                        $0.walsenders = []
                    },
                    standby: {
                        $0.receiver?.session = nil
                        $0.recovery?.isEndKnown = false
                        $0.recovery?.received = nil
                        $0.settings?.recoveryMinApplyDelaySeconds = 1800
                    }
                )
            ),
            Situation(
                name: "a standby that lives on its archive alone",
                reports: pair(
                    primary: { $0.walsenders = [] },
                    standby: {
                        $0.receiver?.session = nil
                        $0.receiver?.hasConnectionString = false
                        $0.receiver?.hasRestoreCommand = true
                        $0.receiver?.upstream = nil
                    }
                )
            ),
            Situation(
                name: "slots that the server or Patroni keep ready at a standby; one that PostgreSQL has for itself",
                reports: pair(
                    primary: { $0.slots?.append(slot("pg_conflict_detection", active: true, restart: nil, status: nil)) },
                    standby: {
                        var ready = slot("ready", type: .logical)
                        ready.isSynced = true
                        $0.slots = [ready, slot("member")]
                    }
                )
            ),
            Situation(name: "a virtual address beside the server's own", reports: pair() + [report("vip", pair()[0].snapshot!)]),
            Situation(name: "commits wait for nobody", reports: pair(primary: { $0.settings?.synchronousCommit = "local" })),
        ]
    }

    private static var ofSlots: [Situation] {
        var much = slot("idle")
        much.current = LSN(0x400_0000 + 2 << 30)
        var old = slot("idle")
        old.retainedAge = 1800
        var copy = slot("sub", type: .logical, status: .lost)
        copy.isSynced = true
        copy.isFailover = true
        let expected = Expectations(slots: [.init(name: "gone", type: nil, scope: .any, source: .config)])
        return [
            Situation(name: "a slot is missing", reports: [report("a", pair()[0].snapshot!, expecting: expected), pair()[1]]),
            Situation(
                name: "a slot is missing at the upstream",
                reports: pair(
                    primary: {
                        $0.slots = []
                        $0.walsenders = []
                    },
                    standby: { $0.receiver?.session = nil }
                )
            ),
            Situation(name: "a slot is lost", reports: pair(primary: { $0.slots?.append(slot("x", restart: nil, status: .lost)) })),
            Situation(name: "a copy of a slot is lost", reports: pair(standby: { $0.slots = [copy] })),
            Situation(name: "a slot is unused, and keeps little", reports: pair(primary: { $0.slots?.append(slot("idle")) })),
            Situation(name: "a slot is unused, and keeps much", reports: pair(primary: { $0.slots?.append(much) })),
            Situation(name: "a slot is unused, and keeps what is old", reports: pair(primary: { $0.slots?.append(old) })),
            Situation(name: "a slot is about to be lost", reports: pair(primary: { $0.slots?.append(slot("idle", status: .unreserved)) })),
            Situation(
                name: "a slot reserves nothing",
                reports: pair(primary: { $0.slots?.append(slot("new", restart: nil, status: nil)) })
            ),
            Situation(name: "a slot is left over, and keeps what is old", reports: pair(standby: { $0.slots = [old] })),
            Situation(name: "slots are not limited", reports: pair(primary: { $0.settings?.maxSlotWALKeepSizeBytes = nil })),
            Situation(name: "a logical slot is unused", reports: pair(primary: { $0.slots?.append(slot("sub", type: .logical)) })),
        ]
    }

    private static var ofStandbys: [Situation] {
        let expected = Expectations(standbys: [.init(applicationName: "c", scope: .any, source: .config)])
        let cut: (inout ServerSnapshot) -> Void = {
            $0.walDirectory = directory(oldest: 0x600_0000)
            $0.slots = [slot("b", restart: 0x600_0000)]
            $0.walsenders = []
        }
        return [
            Situation(name: "a standby is missing", reports: [report("a", pair()[0].snapshot!, expecting: expected), pair()[1]]),
            Situation(
                name: "a standby receives nothing",
                reports: pair(
                    primary: {
                        $0.slots = [slot("b")]
                        $0.walsenders = []
                    },
                    standby: { $0.receiver?.session = nil }
                )
            ),
            Situation(name: "WAL is gone", reports: pair(primary: cut, standby: { $0.receiver?.session = nil })),
            Situation(
                name: "WAL is gone at the upstream, and an archive may have it",
                reports: pair(
                    primary: cut,
                    standby: {
                        $0.receiver?.session = nil
                        $0.receiver?.hasRestoreCommand = true
                        $0.settings?.hasRestoreCommand = true
                    }
                )
            ),
            Situation(
                name: "a standby holds other data",
                reports: pair(primary: { $0.walsenders = [walsender("b", address: "10.77.1.12", slot: "b", sent: 0x400_0000)] })
            ),
            Situation(
                name: "a standby follows an old timeline",
                reports: [
                    report("a", pair(primary: { $0.primaryWAL?.timeline = 2 })[0].snapshot!),
                    report("b", standby(start: 2, timeline: 1, from: upstream("10.77.1.13")) { $0.identity.address = "10.77.1.12" }),
                ]
            ),
            Situation(name: "replay is paused", reports: pair(standby: { $0.recovery?.pauseState = .paused })),
            Situation(name: "a pause is requested", reports: pair(standby: { $0.recovery?.pauseState = .pauseRequested })),
        ]
    }

    private static var ofPrimaries: [Situation] {
        func archiver(lastArchived: Double?, lastFailed: Double?) -> Archiver {
            Archiver(archived: 1, failed: 1, lastArchivedFile: nil, lastArchived: lastArchived, lastFailed: lastFailed, lacksCommand: false)
        }
        return [
            Situation(
                name: "two primaries",
                reports: pair() + [report("c", primary(start: 9, timeline: 2, fork: 0x400_0000) { $0.identity.address = "10.77.1.13" })]
            ),
            Situation(
                name: "commits wait for a standby that is not there",
                reports: pair(primary: {
                    $0.settings?.synchronousStandbyNames = "c"
                    $0.settings?.synchronousCommit = "on"
                })
            ),
            Situation(
                name: "commits would wait, if they waited at all",
                reports: pair(primary: {
                    $0.settings?.synchronousStandbyNames = "c"
                    $0.settings?.synchronousCommit = "local"
                })
            ),
            Situation(
                name: "archiving fails",
                reports: pair(primary: {
                    $0.archiver = archiver(lastArchived: 100, lastFailed: 990)
                    $0.archiveStatus = ArchiveStatus(ready: 3, oldestReady: 950, readAt: 1_000)
                })
            ),
            Situation(
                name: "archiving hangs",
                reports: pair(primary: {
                    $0.archiver = archiver(lastArchived: 50, lastFailed: nil)
                    $0.archiveStatus = ArchiveStatus(ready: 3, oldestReady: -600, readAt: 1_000)
                })
            ),
            Situation(
                name: "archiving is slow",
                reports: pair(primary: {
                    $0.archiver = archiver(lastArchived: 990, lastFailed: nil)
                    $0.archiveStatus = ArchiveStatus(ready: 3, oldestReady: 900, readAt: 1_000)
                })
            ),
            Situation(name: "pg_rewind could not bring the primary back", reports: pair(primary: { $0.settings?.walLogHints = false })),
            Situation(name: "nor the standby", reports: pair(standby: { $0.settings?.walLogHints = false })),
            Situation(name: "nor a server that is alone", reports: [report("a", primary(start: 1) { $0.settings?.walLogHints = false })]),
        ]
    }

    private static var ofFailoverSlots: [Situation] {
        func failoverSlot(synced: Bool, active: Bool) -> Slot {
            var slot = slot("orders", type: .logical, active: active)
            slot.isFailover = true
            slot.isSynced = synced
            return slot
        }
        return [
            Situation(
                name: "no standby keeps a copy of a failover slot",
                reports: pair(
                    primary: {
                        $0.slots?.append(failoverSlot(synced: false, active: true))
                        $0.slotRecords = [SlotRecord(name: "orders", type: .logical, seenSince: 0)]
                        $0.walsenders?[0].replayAge = 0
                    },
                    standby: {
                        $0.slots = []
                        $0.settings?.syncReplicationSlots = true
                    }
                )
            ),
            Situation(
                name: "consumers wait for a slot that is not there",
                reports: pair(
                    primary: {
                        $0.slots?.append(failoverSlot(synced: false, active: true))
                        $0.settings?.synchronizedStandbySlots = ["gone"]
                        $0.walsenders?[0].replayAge = 0
                    },
                    standby: {
                        $0.slots = [failoverSlot(synced: true, active: false)]
                        $0.settings?.syncReplicationSlots = true
                    }
                )
            ),
        ]
    }

    private static var ofTargets: [Situation] {
        var away = cluster("orders", [member("b")])
        away.endpoints = [.init(url: "http://10.77.1.11:8008", problem: "refused")]
        var lost = cluster("orders", [member("b")])
        lost.endpoints = [.init(url: "http://10.77.1.11:8008", problem: nil)]
        lost.isDCSReachable = false
        return [
            Situation(name: "a standby is down", reports: [pair(primary: { $0.walsenders = [] })[0], downReport("b", lastSeen: pair()[1].snapshot)]),
            Situation(
                name: "an address leads to the wrong role",
                reports: pair() + [report("vip", pair()[1].snapshot!, expecting: Expectations(role: .primary))]
            ),
            Situation(
                name: "an address for readers leads to the primary",
                reports: pair() + [report("ro", pair()[0].snapshot!, expecting: Expectations(role: .standby))]
            ),
            Situation(
                name: "a standby has not replied for some seconds",
                reports: pair(primary: {
                    $0.walsenders?[0].flushed = LSN(0x400_0000)
                    $0.walsenders?[0].unansweredSeconds = 12
                })
            ),
            Situation(
                name: "a standby does not reply",
                reports: pair(primary: {
                    $0.walsenders?[0].flushed = LSN(0x400_0000)
                    $0.walsenders?[0].unansweredSeconds = 75
                })
            ),
            Situation(name: "Patroni does not reach its DCS", reports: pair(), clusters: [lost]),
            Situation(
                name: "the role may not see all",
                reports: pair(primary: { $0.privileges = [PrivilegeCheck(privilege: .readAllStatistics, isGranted: false)] })
            ),
            Situation(
                name: "the filesystem of pg_wal cannot be read",
                reports: pair(primary: { $0.walFilesystemProblem = WALFilesystemProblem(.missing, path: "/gone", isConfigured: true) })
            ),
            Situation(name: "no REST interface of Patroni answers", reports: pair(), clusters: [away]),
        ]
    }

    /// A primary and its standby, by a slot, with nothing wrong.
    private static func pair(
        primary changePrimary: (inout ServerSnapshot) -> Void = { _ in },
        standby changeStandby: (inout ServerSnapshot) -> Void = { _ in }
    ) -> [TargetReport] {
        let a = primary(start: 1, clusterName: "a") {
            $0.identity.address = "10.77.1.11"
            $0.slots = [slot("b", active: true, restart: 0x500_0000)]
            $0.walsenders = [walsender("b", address: "10.77.1.12", slot: "b")]
            $0.walDirectory?.readAt = 1_000
            changePrimary(&$0)
        }
        let b = standby(start: 2, from: upstream("10.77.1.11", slot: "b"), clusterName: "b") {
            $0.identity.address = "10.77.1.12"
            changeStandby(&$0)
        }
        return [report("a", a, at: [address("10.77.1.11")]), report("b", b, at: [address("10.77.1.12")])]
    }
}
