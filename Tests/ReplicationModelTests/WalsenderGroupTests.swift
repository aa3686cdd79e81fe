import ReplicationModel
import Testing

struct WalsenderGroupTests {
    @Test("Two walreceivers of one name and address are one series, told with the values of the worse one")
    func foldsDuplicates() throws {
        let near = walsender(replayed: 990, lag: 0.001, reply: 20, started: 5, xminAge: 3)
        let far = walsender(replayed: 400, lag: 7.5, reply: 10, started: 9, xminAge: 80)
        for members in [[near, far], [far, near]] {
            let groups = WalsenderGroup.grouping(members)
            let group = try #require(groups.first)
            #expect(groups.count == 1)
            #expect(group.members.count == 2)
            #expect(group.worst { $0.lagBytes(\.replayed) } == 600)
            #expect(group.lagSeconds(\.replayLag, at: \.replayed) == 7.5)
            #expect(group.least(\.reply) == 10)
            #expect(group.worst(\.started) == 9)
            #expect(group.worst(\.xminAge) == 80)
        }
    }

    @Test("Name, address and slot tell series apart, in the order of first appearance")
    func keys() {
        let groups = WalsenderGroup.grouping([
            walsender("b"), walsender("a"), walsender("a", address: "10.77.1.12"), walsender("a", slot: "s1"), walsender("b"),
        ])
        #expect(groups.map(\.applicationName) == ["b", "a", "a", "a"])
        #expect(groups.map(\.clientAddress) == [nil, nil, "10.77.1.12", nil])
        #expect(groups.map(\.slotName) == [nil, nil, nil, "s1"])
        #expect(groups.map(\.members.count) == [2, 1, 1, 1])
    }

    @Test("A temporary slot's pid starts no series of its own; a lasting slot keeps its name")
    func temporarySlots() {
        let temporary = [1, 2].map { walsender("pg_basebackup", slot: "pg_basebackup_\($0)", isTemporary: true) }
        #expect(WalsenderGroup.grouping(temporary).map(\.slotName) == ["pg_basebackup"])
        #expect(WalsenderGroup.grouping([walsender(slot: "pg_basebackup_1")]).map(\.slotName) == ["pg_basebackup_1"])
    }

    @Test("Workers that copy tables are one series, before and while they have their slots; a subscription's apply worker is another")
    func tableSynchronization() {
        let names = [16_386, 16_390].map { "pg_16395_sync_\($0)_7711414404705161623" }
        let walsenders =
            names.map { walsender($0, state: .startup) } + names.map { walsender($0, slot: $0, state: .catchup) } + [
                walsender("orders", slot: "orders")
            ]
        let groups = WalsenderGroup.grouping(walsenders)
        #expect(groups.map(\.applicationName) == ["pg_sync", "pg_sync", "orders"])
        #expect(groups.map(\.slotName) == [nil, "pg_sync", "orders"])
        #expect(groups.map(\.members.count) == [2, 2, 1])
    }

    @Test("Base backups are one series, whatever number or date their client put into its name")
    func baseBackups() {
        let senders = ["nightly_20261124", "nightly_20261125"].map { walsender($0, state: .backup) }
        let streams = ["nightly_20261124", "nightly_20261125"].map { walsender($0, slot: "pg_basebackup_4711", isTemporary: true) }
        let groups = WalsenderGroup.grouping(senders + streams)
        #expect(groups.map(\.applicationName) == ["nightly", "nightly"])
        #expect(groups.map(\.slotName) == [nil, "pg_basebackup"])
    }

    @Test("Standbys keep their numbers, also on the temporary slots that they make for themselves")
    func standbysOnTemporarySlots() {
        let standbys = [1, 2].map { walsender("node_\($0)", slot: "pg_walreceiver_\($0)", isTemporary: true) } + [walsender("node_3")]
        #expect(WalsenderGroup.grouping(standbys).map(\.applicationName) == ["node_1", "node_2", "node_3"])
        #expect(WalsenderGroup.grouping(standbys).map(\.slotName) == ["pg_walreceiver", "pg_walreceiver", nil])
    }

    @Test("0 seconds of lag needs all members to have caught up: one that nothing is known of may be behind")
    func zeroSecondsNeedsAll() {
        let caughtUp = walsender(replayed: 1_000, lag: nil)
        let unknown = walsender(replayed: 400, lag: nil)
        let measured = walsender(replayed: 400, lag: 7.5)
        #expect(replayLag(caughtUp, caughtUp) == 0)
        #expect(replayLag(caughtUp, unknown) == nil)
        #expect(replayLag(unknown, caughtUp) == nil)
        #expect(replayLag(unknown, measured) == 7.5)
        #expect(replayLag(unknown) == nil)
    }

    @Test(
        "The state is that of the least advanced member",
        arguments: [
            ([.streaming, .catchup], .catchup),
            ([.streaming, .startup, .catchup], .startup),
            ([.stopping, .streaming], .stopping),
            ([.stopping, .startup], .startup),
            ([.streaming, .backup], .backup),
            ([.backup, .catchup], .catchup),
            ([.streaming], .streaming),
        ] as [([Walsender.State], Walsender.State)]
    )
    func state(members: [Walsender.State], expected: Walsender.State) {
        #expect(WalsenderGroup.grouping(members.map { walsender(state: $0) }).first?.state == expected)
    }

    @Test(
        "The synchronous state is the weakest guarantee",
        arguments: [
            ([.sync, .async], .async),
            ([.sync, .potential], .potential),
            ([.sync, .quorum], .quorum),
            ([.potential, .quorum], .potential),
            ([nil, .sync], .sync),
            ([nil, nil], nil),
        ] as [([Walsender.SyncState?], Walsender.SyncState?)]
    )
    func syncState(members: [Walsender.SyncState?], expected: Walsender.SyncState?) {
        #expect(WalsenderGroup.grouping(members.map { walsender(syncState: $0) }).first?.syncState == expected)
    }

    @Test(
        "The priority is the last in line, and 0 is behind them all",
        arguments: [([1, 2], 2), ([2, 0], 0), ([0, 1], 0), ([1], 1), ([nil, 3], 3), ([nil], nil)] as [([Int64?], Int64?)]
    )
    func priority(members: [Int64?], expected: Int64?) {
        #expect(WalsenderGroup.grouping(members.map { walsender(priority: $0) }).first?.syncPriority == expected)
    }

    private func replayLag(_ walsenders: Walsender...) -> Double? {
        WalsenderGroup.grouping(walsenders).first?.lagSeconds(\.replayLag, at: \.replayed)
    }

    private func walsender(
        _ name: String = "walreceiver",
        address: String? = nil,
        slot: String? = nil,
        isTemporary: Bool = false,
        state: Walsender.State = .streaming,
        syncState: Walsender.SyncState? = .async,
        priority: Int64? = 0,
        replayed: Int64 = 1_000,
        lag: Double? = nil,
        reply: Double? = nil,
        started: Double? = nil,
        xminAge: Int64? = nil
    ) -> Walsender {
        Walsender(
            applicationName: name,
            clientAddress: address,
            slotName: slot,
            slotIsTemporary: isTemporary,
            state: state,
            syncState: syncState,
            syncPriority: priority,
            current: LSN(1_000),
            replayed: LSN(replayed),
            replayLag: lag,
            reply: reply,
            started: started,
            xminAge: xminAge
        )
    }
}
