import Collection
import ReplicationModel
import Testing

struct ReplicationDecodingTests {
    @Test("A synchronous standby, a base backup and pg_receivewal each show what they have")
    func walsenders() throws {
        let walsenders = try #require(try Recording.walsenders18.snapshot().walsenders)
        #expect(walsenders.map(\.applicationName) == ["sby1", "pg_basebackup", "pg_receivewal", "pg_basebackup"])
        #expect(walsenders.map(\.state) == [.streaming, .backup, .streaming, .streaming])
        #expect(walsenders.map(\.syncState) == [.sync, .async, .async, .async])
        #expect(walsenders.map(\.slotName) == ["s1", nil, nil, "pg_basebackup_20069"])
        #expect(walsenders.map(\.slotIsTemporary) == [false, false, false, true])
        let position = LSN(184_559_576)
        let standby = Walsender(
            applicationName: "sby1",
            slotName: "s1",
            state: .streaming,
            syncState: .sync,
            syncPriority: 1,
            current: position,
            sent: position,
            written: position,
            flushed: position,
            replayed: position,
            writeLag: 0.001344,
            flushLag: 0.001348,
            replayLag: 0.001456,
            reply: 1_795_453_621.497151,
            started: 1_795_453_581.469568
        )
        #expect(walsenders.first == standby)
    }

    @Test("Rows without values are hidden from the role: they are counted, and no walsenders")
    func hiddenWalsenders() throws {
        let snapshot = try Recording.hiddenWalsenders18.snapshot()
        #expect(snapshot.walsenders == [])
        #expect(snapshot.hiddenWalsenders == 4)
        #expect(try Recording.walsenders18.snapshot().hiddenWalsenders == 0)
    }

    @Test("NULL lags of an idle standby stay unknown in the row")
    func idleStandby() throws {
        let walsender = try #require(try Recording.walsenders15.snapshot().walsenders?.first)
        #expect(walsender.writeLag == nil && walsender.flushLag == nil && walsender.replayLag == nil)
        #expect(walsender.lagSeconds(\.replayLag, at: \.replayed) == 0)
    }

    @Test("Slots of every fate come through")
    func slots() throws {
        let slots = try #require(try Recording.slots18.snapshot().slots)
        #expect(slots.map(\.name) == ["gone", "unused", "s1", "orders_cdc", "sub_app", "pg_basebackup_20069"])
        #expect(slots.map(\.walStatus) == [.lost, nil, .reserved, .reserved, .reserved, .reserved])
        #expect(slots.map(\.invalidationReason) == [.walRemoved, nil, nil, nil, nil, nil])
        #expect(slots.map(\.retainedBytes) == [nil, nil, 0, 16_518_944, 16_518_944, 10_200])
        #expect(slots.map(\.safeWALBytes) == [nil, nil, 83_875_880, 67_098_664, 67_098_664, 83_875_880])
        #expect(slots.map(\.isActive) == [false, false, true, false, false, true])
        let failover = Slot(
            name: "orders_cdc",
            type: .logical,
            plugin: "test_decoding",
            database: "postgres",
            walStatus: .reserved,
            restart: LSN(168_040_632),
            confirmedFlush: LSN(168_042_768),
            safeWALBytes: 67_098_664,
            catalogXminAge: 17,
            isTwoPhase: false,
            isFailover: true,
            isSynced: false,
            inactiveSince: 1_795_453_613.683403,
            current: LSN(184_559_576)
        )
        #expect(slots[3] == failover)
    }

    @Test("What a version does not know of slots is unknown")
    func olderSlots() throws {
        let of13 = try #require(try Recording.slots13.snapshot().slots?.first)
        #expect(of13.isTwoPhase == nil && of13.isFailover == nil && of13.isSynced == nil && of13.inactiveSince == nil)
        let of15 = try #require(try Recording.slots15.snapshot().slots?.first)
        #expect(of15.isTwoPhase == false && of15.isFailover == nil)
        let lost = try #require(try Recording.slots13.snapshot().slots?.first { $0.name == "gone" })
        #expect(lost.isInvalidated && lost.retainedBytes == nil)
    }

    @Test("A slot that is still being synchronized is there, and not ready")
    func synchronizingSlot() throws {
        let slot = try #require(try Recording.standbySlots18.snapshot().slots?.first)
        #expect(slot.isSynced == true && slot.isTemporary)
        #expect(slot.isFailoverReady == false)
        #expect(slot.safeWALBytes == nil)
    }

    @Test("19 says why a copy was left out, and has a slot of its own")
    func slots19() throws {
        let slots = try #require(try Recording.slots19.snapshot().slots)
        #expect(slots.map(\.syncSkipReason) == [nil, .walOrRowsRemoved, nil])
        #expect(slots.map(\.isFailoverReady) == [nil, false, true])
        #expect(slots[0].isServersOwn && slots[0].retainedBytes == nil)
        let statistics = try #require(try Recording.slotStatistics19.snapshot().slotStatistics?.first)
        #expect(statistics.syncSkips == 6 && statistics.lastSyncSkip == 1_796_055_344.673872)
        #expect(try Recording.slotStatistics18.snapshot().slotStatistics?.first?.syncSkips == nil)
    }

    @Test("Decoding statistics, spill files and base backups come through")
    func theRest() throws {
        let statistics = try #require(try Recording.slotStatistics18.snapshot().slotStatistics)
        #expect(statistics.map(\.name) == ["orders_cdc", "sub_app"])
        #expect(statistics.map(\.decodedTransactions) == [7, 9])
        #expect(statistics.map(\.decodedBytes) == [134_804, 135_072])
        #expect(try Recording.slotSpill18.snapshot().slotSpill?.map(\.name) == ["orders_cdc", "sub_app"])
        let backup = BaseBackup(
            applicationName: "pg_basebackup",
            clientAddress: nil,
            phase: .streamingFiles,
            streamedBytes: 245_760,
            totalBytes: 31_661_568
        )
        #expect(try Recording.baseBackups18.snapshot().baseBackups == [backup])
    }

    @Test("The counters of decoding do not change places")
    func slotStatisticsColumns() throws {
        var recording = Recording.slotStatistics18
        recording.rows = [["s", "1", "2", "3", "4", "5", "6"]]
        let statistics = SlotStatistics(
            name: "s",
            spilledTransactions: 1,
            spilledBytes: 2,
            streamedTransactions: 3,
            streamedBytes: 4,
            decodedTransactions: 5,
            decodedBytes: 6
        )
        #expect(try recording.snapshot().slotStatistics == [statistics])
    }
}
