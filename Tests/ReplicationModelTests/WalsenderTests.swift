import ReplicationModel
import Testing

struct WalsenderTests {
    @Test("A caught-up standby of an idle server has no measured lag: that is 0 seconds")
    func idleAndCaughtUp() {
        #expect(replayLag(standby(replayed: 50_610_896, lag: nil)) == 0)
    }

    @Test("A standby that is behind and unmeasured has no lag in seconds, least of all 0")
    func behindWithoutMeasure() {
        #expect(replayLag(standby(replayed: 50_610_800, lag: nil)) == nil)
    }

    @Test("What the server measured is taken as it is")
    func measured() {
        #expect(replayLag(standby(replayed: 50_610_800, lag: 2.8)) == 2.8)
        #expect(replayLag(standby(replayed: 50_610_896, lag: 0.001456)) == 0.001456)
    }

    @Test("Only a streaming standby can be caught up", arguments: Walsender.State.allCases)
    func onlyWhenStreaming(state: Walsender.State) {
        #expect(replayLag(standby(state: state, replayed: 50_610_896, lag: nil)) == (state == .streaming ? 0 : nil))
    }

    @Test("A base backup and a starting walsender have no positions, so no lag of any kind", arguments: [Walsender.State.backup, .startup])
    func noPositions(state: Walsender.State) {
        let walsender = Walsender(applicationName: "pg_basebackup", state: state, current: LSN(184_559_576))
        #expect(replayLag(walsender) == nil)
        #expect(walsender.lagSeconds(\.flushLag, at: \.flushed) == nil)
        #expect(walsender.lagBytes(\.sent) == nil)
        #expect(walsender.lagBytes(\.replayed) == nil)
        #expect(walsender.isDiverged == false)
    }

    /// As PostgreSQL 18 shows pg_receivewal: no replay position, and yet a replay_lag.
    @Test("pg_receivewal replays nothing, whatever replay_lag says")
    func receivewal() {
        let walsender = Walsender(
            applicationName: "pg_receivewal",
            state: .streaming,
            current: LSN(184_559_576),
            sent: LSN(184_559_576),
            written: LSN(167_772_160),
            writeLag: 0.003929,
            flushLag: 0.003929,
            replayLag: 0.003929
        )
        #expect(replayLag(walsender) == nil)
        #expect(walsender.lagSeconds(\.flushLag, at: \.flushed) == nil)
        #expect(walsender.lagSeconds(\.writeLag, at: \.written) == 0.003929)
        #expect(walsender.lagBytes(\.written) == 16_787_416)
    }

    @Test("Lag in bytes counts from the server's end of WAL, so what was never sent counts too")
    func bytesFromCurrentPosition() {
        let walsender = Walsender(
            applicationName: "sby1",
            state: .catchup,
            current: LSN(1_000),
            sent: LSN(600),
            written: LSN(500),
            flushed: LSN(400),
            replayed: LSN(300)
        )
        #expect([\Walsender.sent, \.written, \.flushed, \.replayed].map { walsender.lagBytes($0) } == [400, 500, 600, 700])
    }

    @Test("Lag in bytes is never negative: a cascaded standby may be ahead of its upstream's replay")
    func bytesAreNeverNegative() {
        #expect(standby(replayed: 50_610_999, lag: nil).lagBytes(\.replayed) == 0)
    }

    @Test("A streaming standby that replayed more than was sent holds other data")
    func diverged() {
        #expect(standby(sent: 1_000, replayed: 1_001, lag: nil).isDiverged == true)
        #expect(standby(sent: 1_000, replayed: 1_000, lag: nil).isDiverged == false)
        #expect(standby(sent: nil, replayed: 1_001, lag: nil).isDiverged == false)
    }

    @Test("So does one whose slot is ahead of the end of WAL")
    func slotAhead() {
        #expect(standby(sent: 1_000, replayed: 1_000, lag: nil, slotIsAhead: true).isDiverged == true)
    }

    @Test(
        "After a reconnection sending begins behind what the standby has: only streaming proves a divergence",
        arguments: [Walsender.State.startup, .catchup, .backup, .stopping]
    )
    func divergedOnlyWhenStreaming(state: Walsender.State) {
        #expect(standby(state: state, sent: 1_000, replayed: 1_001, lag: nil, slotIsAhead: true).isDiverged == false)
    }

    private func replayLag(_ walsender: Walsender) -> Double? {
        walsender.lagSeconds(\.replayLag, at: \.replayed)
    }

    private func standby(
        state: Walsender.State = .streaming,
        sent: Int64? = 50_610_896,
        replayed: Int64,
        lag: Double?,
        slotIsAhead: Bool = false
    ) -> Walsender {
        Walsender(
            applicationName: "sby1",
            state: state,
            current: LSN(50_610_896),
            sent: sent.map(LSN.init),
            replayed: LSN(replayed),
            replayLag: lag,
            slotIsAhead: slotIsAhead
        )
    }
}
