import ReplicationModel
import Testing
import WALClock

/// What a standby learns late, and clocks that are set.
struct ReconnectionTests {
    private static let identity = ServerIdentity(
        versionNumber: 180006,
        version: "18.6",
        systemIdentifier: "7541",
        clusterName: "",
        address: nil,
        postmasterStart: 1000,
        walSegmentBytes: 16 << 20
    )

    /// The primary writes 1 MB a second from second 0 on, and commits all the time; its clock is that of the test.
    private struct Standby {
        var history = ServerHistory()
        /// The standby's clock is wrong by so much.
        var skew = 100.0
        var upstreamIsBusy = true

        /// - Parameters:
        ///   - heard: when the last message came; nil: there is no walreceiver.
        ///   - replayed: the second whose WAL is replayed.
        ///   - session: for how long the walreceiver has lived.
        ///   - told: the end that the upstream told; nil: `end`.
        mutating func look(
            _ second: Double,
            heard: Double?,
            end: Double,
            replayed: Double,
            session: Double = 1_000,
            step: Double = 0,
            told: Double? = nil
        )
            -> Recovery?
        {
            var snapshot = ServerSnapshot(identity: ReconnectionTests.identity, role: .standby)
            snapshot.recovery = Recovery(
                received: LSN(Int64(end * 1e6)),
                replayed: LSN(Int64(replayed * 1e6)),
                lastReplayedTransaction: upstreamIsBusy ? replayed : 0,
                pauseState: .notPaused,
                timeline: nil
            )
            let message = heard.map { heard in
                Receiver.Session(
                    status: .streaming,
                    upstreamEnd: LSN(Int64((told ?? end) * 1e6)),
                    lastMessage: heard + skew,
                    lastMessageAge: second + step - heard,
                    transit: skew + 0.001,
                    age: session
                )
            }
            snapshot.receiver = Receiver(session: message, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
            snapshot.settings = Settings()
            snapshot.settings?.walReceiverTimeoutSeconds = 60
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 5000 + second)
            #expect((snapshot.recovery?.replayLag != nil) == (snapshot.receiver?.isUp(settings: snapshot.settings) == true))
            return snapshot.recovery
        }

        /// A second in which all is well.
        mutating func stream(until end: Int) {
            for second in 0...end { _ = look(Double(second), heard: Double(second), end: Double(second), replayed: Double(second)) }
        }
    }

    @Test(
        "A standby that was cut off for 75 s, and knew for the last 15 of them, lags by 75 s when it is back, and by what is left while it catches up"
    )
    func cutOff() throws {
        var standby = Standby()
        standby.stream(until: 100)
        // The cut is silent: the receiver believes in it for a minute.
        for second in 101...160 { #expect(standby.look(Double(second), heard: 100, end: 100, replayed: 100)?.replayLag == 0) }
        for second in 161...174 { #expect(standby.look(Double(second), heard: nil, end: 100, replayed: 100)?.replayLag == nil) }
        for (second, replayed) in [(175.0, 100.0), (176, 101), (180, 150), (182, 181)] {
            let looked = standby.look(second, heard: second, end: second, replayed: replayed, session: second - 174.5)
            let lag = try #require(looked?.replayLag)
            #expect(abs(lag - (second - replayed)) <= 1, "at \(second): \(lag)")
        }
    }

    @Test("A break that nobody saw, because the new receiver was there at the next look, is one all the same")
    func unseenBreak() throws {
        var standby = Standby()
        standby.stream(until: 100)
        _ = standby.look(130, heard: 100, end: 100, replayed: 100)
        let looked = standby.look(160, heard: 160, end: 160, replayed: 120, session: 2)
        let lag = try #require(looked?.replayLag)
        #expect(abs(lag - 40) <= 1)
    }

    @Test("Without commits the time of what comes after a break is known to be within it")
    func withoutCommits() throws {
        var standby = Standby()
        standby.upstreamIsBusy = false
        standby.stream(until: 100)
        for second in 101...120 { _ = standby.look(Double(second), heard: nil, end: 100, replayed: 100) }
        let looked = standby.look(121, heard: 121, end: 121, replayed: 110, session: 1)
        let lag = try #require(looked?.replayLag)
        #expect((0...21.001).contains(lag))
    }

    @Test("What comes after a rest on a living link has just been written")
    func rest() {
        var standby = Standby()
        standby.upstreamIsBusy = false
        standby.stream(until: 100)
        for second in 101...125 { #expect(standby.look(Double(second), heard: 100, end: 100, replayed: 100)?.replayLag == 0) }
        #expect(standby.look(126, heard: 126, end: 101, replayed: 100)?.replayLag == 1)
    }

    @Test("A standby that restarts begins with what it has flushed and replayed: what was known of the past stays, and its delay with it")
    func delayedRestart() throws {
        var standby = Standby()
        for second in 0...100 { _ = standby.look(Double(second), heard: Double(second), end: Double(second), replayed: Double(max(second - 20, 0))) }
        for second in 101...105 { _ = standby.look(Double(second), heard: nil, end: 79, replayed: 79) }
        _ = standby.look(105.5, heard: 105.5, end: 80, replayed: 79, session: 0.5)
        for second in 106...130 {
            let now = Double(second)
            let looked = standby.look(now, heard: now, end: now, replayed: now - 20, session: now - 105)
            let lag = try #require(looked?.replayLag)
            #expect(abs(lag - 20) <= 1, "at \(second): \(lag)")
        }
    }

    @Test("Of its own pg_wal it replays more than we had heard of: what is seen of that is no time at which it was written")
    func delayedRestartBeyondTheHeard() throws {
        var standby = Standby()
        for second in 0...100 { _ = standby.look(Double(second), heard: Double(second), end: Double(second), replayed: Double(max(second - 20, 0))) }
        // It had received up to 109 when it was stopped, and nobody looked.
        for second in 111...129 { _ = standby.look(Double(second), heard: nil, end: Double(second - 20), replayed: Double(second - 20)) }
        for second in 130...150 {
            let now = Double(second)
            let looked = standby.look(now, heard: now, end: now, replayed: now - 20, session: now - 129.5)
            let lag = try #require(looked?.replayLag)
            #expect(abs(lag - 20) <= 1, "at \(second): \(lag)")
        }
    }

    @Test("A cut of an idle line ends with the same end: what is written from then on is not older than that")
    func writtenAfterACut() throws {
        var standby = Standby(upstreamIsBusy: false)
        for second in 0...10 { _ = standby.look(Double(second), heard: Double(second), end: 5, replayed: 5) }
        for second in 11...19 { _ = standby.look(Double(second), heard: nil, end: 5, replayed: 5) }
        _ = standby.look(20, heard: 20, end: 5, replayed: 5, session: 0.5)
        // Replay is paused.
        for second in 21...30 {
            let now = Double(second)
            let lag = try #require(standby.look(now, heard: now, end: now, replayed: 5, session: now - 19.5)?.replayLag)
            #expect(abs(lag - (now - 20)) <= 1, "at \(second): \(lag)")
        }
    }

    @Test("What a walsender says first is where it begins: a look in that moment does not end the break")
    func lookedWhileItBegins() throws {
        var standby = Standby()
        for second in 0...10 { _ = standby.look(Double(second), heard: Double(second), end: Double(second), replayed: Double(second)) }
        for second in 11...19 { _ = standby.look(Double(second), heard: nil, end: 10, replayed: 10) }
        // It asks from the beginning of the segment on, and replay is paused.
        _ = standby.look(20, heard: 20, end: 10, replayed: 10, session: 0.1, told: 0)
        for second in 21...30 {
            let now = Double(second)
            let lag = try #require(standby.look(now, heard: now, end: now, replayed: 10, session: now - 19.9)?.replayLag)
            #expect(abs(lag - (now - 10)) <= 1, "at \(second): \(lag)")
        }
    }

    @Test("Who has just begun to look knows by the last replayed commit how late a delayed standby is; without one it is a lower bound")
    func youngExporter() throws {
        var standby = Standby()
        let first = standby.look(1_000, heard: 1_000, end: 1_000, replayed: 980)
        let lag = try #require(first)
        #expect(try abs(#require(lag.replayLag) - 20) <= 0.01)
        #expect(!lag.replayLagIsLowerBound)
        var snapshot = ServerSnapshot(identity: Self.identity, role: .standby)
        snapshot.recovery = Recovery(received: LSN(20), replayed: LSN(10), lastReplayedTransaction: nil, pauseState: .paused, timeline: nil)
        let session = Receiver.Session(status: .streaming, upstreamEnd: LSN(20), transit: 0.001)
        snapshot.receiver = Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
        var history = ServerHistory()
        history.note(&snapshot, at: MonotonicTime(7), wallClock: 0)
        history.complete(&snapshot, at: MonotonicTime(9))
        #expect(snapshot.recovery?.replayLag == 2)
        #expect(snapshot.recovery?.replayLagIsLowerBound == true)
    }

    @Test("The clock of server and exporter is set by 100 s: an idle standby still receives", arguments: [100.0, -100])
    func clockStep(step: Double) throws {
        for heard in [100.0, 107] {
            var standby = Standby()
            standby.stream(until: 100)
            for second in stride(from: 105.0, through: 125, by: 5) {
                let last = second < 110 ? 100 : heard
                #expect(standby.look(second, heard: last, end: 100, replayed: 100, step: second >= 110 ? step : 0)?.replayLag == 0, "\(second)")
            }
        }
    }

    @Test("A receiver that hears nothing for longer than its timeout is not up, whatever the clock says")
    func frozen() {
        var standby = Standby()
        standby.stream(until: 100)
        #expect(standby.look(159, heard: 100, end: 100, replayed: 100, step: -50)?.replayLag == 0)
        #expect(standby.look(162, heard: 100, end: 100, replayed: 100, step: -50)?.replayLag == nil)
    }

    @Test("Samples of a standby say nothing while it hears nothing, and do not take history away when it restarts")
    func samples() throws {
        var standby = Standby()
        for second in 0...100 { _ = standby.look(Double(second), heard: Double(second), end: Double(second), replayed: Double(max(second - 20, 0))) }
        for second in 101...110 {
            standby.history.note(WALSample(end: LSN(79_000_000), isStandby: true, walsenders: []), at: MonotonicTime(Double(second)))
        }
        for second in 111...115 {
            let upstream = WALSample.Upstream(lastMessage: Double(second) + 100, messageAge: 0, sessionAge: Double(second - 110))
            let sample = WALSample(end: LSN(Int64(second) * 1_000_000), isStandby: true, upstream: upstream, walsenders: [])
            standby.history.note(sample, at: MonotonicTime(Double(second)))
        }
        for replayed in [90.0, 103, 109] {
            let looked = standby.look(116, heard: 116, end: 116, replayed: replayed, session: 6)
            let lag = try #require(looked?.replayLag)
            #expect(abs(lag - (116 - replayed)) <= 1, "\(replayed): \(lag)")
        }
    }

    @Test("The last checkpoint tells of the past where there is no finished segment, and segments do so beside it; what is older is a lower bound")
    func checkpoint() throws {
        var history = ServerHistory()
        func look(_ second: Double, end: Int64, restart: Int64) -> Slot? {
            var snapshot = ServerSnapshot(identity: Self.identity, role: .primary)
            snapshot.primaryWAL = PrimaryWAL(inserted: LSN(end), written: LSN(end), flushed: LSN(end), timeline: 1, lastReplayed: nil)
            snapshot.slots = [Slot(name: "s", type: .physical, restart: LSN(restart), current: LSN(end))]
            // The server's clock is 30 s ahead.
            snapshot.clockOffset = 30
            snapshot.checkpoints = Checkpoints(
                timed: 0,
                requested: 0,
                restartpoints: nil,
                lastCheckpoint: 5_000 + 60 + 30,
                redo: LSN(60_000_000),
                timeline: 1,
                minimumRecoveryTimeline: 0
            )
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 5_000 + second)
            return snapshot.slots?.first
        }
        let inside = look(100, end: 100_000_000, restart: 70_000_000)?.retainedAge
        #expect(try abs(#require(inside) - 30) <= 0.01)
        let beyond = look(101, end: 101_000_000, restart: 50_000_000)
        let older = try #require(beyond)
        #expect(older.retainedAge == 41)
        #expect(older.ageIsLowerBound)
        history.seed([(LSN(20_000_000), 81), (LSN(80_000_000), 21)], at: MonotonicTime(101))
        for position in [25, 50, 60, 70, 80, 90, 100] {
            let looked = look(102, end: 102_000_000, restart: Int64(position) * 1_000_000)
            let slot = try #require(looked)
            #expect(try abs(#require(slot.retainedAge) - Double(102 - position)) <= 0.1)
            #expect(!slot.ageIsLowerBound)
        }
    }
}
