import ReplicationModel
import Testing

struct ReceiverTests {
    @Test(
        "A standby is told to stream when it has an upstream, or shows in another way that it has one",
        arguments: [
            // connection string, slot name, restore command, running, hidden → configured
            (true, false, false, false, false, true),
            (true, false, true, false, false, true),
            (false, false, true, false, false, false),
            (false, true, true, false, false, false),
            (nil, true, true, false, false, true),
            (nil, false, true, true, false, true),
            (nil, false, true, false, true, true),
            // Without an archive, streaming is the only way for a standby to go on.
            (nil, false, false, false, false, true),
            // It may live on its archive alone.
            (nil, false, true, false, false, nil),
        ] as [(Bool?, Bool, Bool, Bool, Bool, Bool?)]
    )
    func isConfigured(hasConnection: Bool?, hasSlot: Bool, hasRestore: Bool, isRunning: Bool, isHidden: Bool, expected: Bool?) {
        let receiver = Receiver(
            session: isRunning ? session() : nil,
            isHidden: isHidden,
            hasConnectionString: hasConnection,
            hasSlotName: hasSlot,
            hasRestoreCommand: hasRestore
        )
        #expect(receiver.isConfigured == expected)
    }

    @Test("A streaming walreceiver that has heard of its upstream's end is up")
    func up() {
        #expect(isUp(session()) == true)
    }

    @Test("No walreceiver, or one in any other status, is down", arguments: Receiver.Status.allCases + [nil])
    func otherStatuses(status: Receiver.Status?) {
        #expect(isUp(status.map { session(status: $0) }) == (status == .streaming))
    }

    @Test("`streaming` without a known end is a retry that flaps, until the walreceiver is older than two retry intervals")
    func youngOrOld() {
        #expect(isUp(session(upstreamEnd: nil, age: 0.02)) == false)
        #expect(isUp(session(upstreamEnd: nil, age: 10)) == false)
        #expect(isUp(session(upstreamEnd: nil, age: 10.1)) == true)
        #expect(isUp(session(upstreamEnd: nil, age: nil)) == false)
        #expect(isUp(session(upstreamEnd: nil, age: 3_600), settings: nil) == false)
    }

    /// Seen on 13 and 18, some 15 ms at every retry after the slot of an established standby was dropped: latest_end_lsn is what
    /// the former walreceiver left, both message times are the start's.
    @Test("A walreceiver that has not heard anything yet is not up by the end that its predecessor knew")
    func inheritedEnd() {
        #expect(isUp(session(transit: 0, age: 0.02)) == false)
        #expect(isUp(session(transit: 0, age: 10.1)) == true)
    }

    @Test("A clock that is behind the upstream's makes the transit negative, which is as good as any")
    func skewedClock() {
        #expect(isUp(session(transit: -99.8, age: 0.02)) == true)
        #expect(isUp(session(transit: nil, age: 0.02)) == true)
    }

    @Test("A link that has been silent for longer than wal_receiver_timeout is down")
    func stale() {
        #expect(isUp(session(messageAge: 60)) == true)
        #expect(isUp(session(messageAge: 60.1)) == false)
    }

    @Test("Without a timeout, silence proves nothing", arguments: [0, nil])
    func noTimeout(timeout: Double?) {
        #expect(isUp(session(messageAge: 3_600), settings: settings(timeout: timeout)) == true)
    }

    @Test("What is hidden from the role is neither up nor down")
    func hidden() {
        let receiver = Receiver(session: nil, isHidden: true, hasConnectionString: nil, hasSlotName: true, hasRestoreCommand: false)
        #expect(receiver.isUp(settings: settings()) == nil)
        #expect(receiver.status == nil)
    }

    @Test("A standby that lives on its archive is not reported as broken")
    func archiveOnly() {
        let receiver = Receiver(session: nil, isHidden: false, hasConnectionString: false, hasSlotName: false, hasRestoreCommand: true)
        #expect(receiver.isUp(settings: settings()) == nil)
        #expect(receiver.status == .stopped)
    }

    @Test("Where nobody can tell whether it should stream, nobody says that it does not")
    func unknownConfiguration() {
        let receiver = Receiver(session: nil, isHidden: false, hasConnectionString: nil, hasSlotName: false, hasRestoreCommand: true)
        #expect(receiver.isUp(settings: settings()) == nil)
    }

    @Test("The upstream's lag is its known end minus what is replayed, and never negative")
    func upstreamLag() {
        let receiver = streaming(session())
        #expect(receiver.upstreamLagBytes(replayed: LSN(50_610_000), settings: settings()) == 896)
        #expect(receiver.upstreamLagBytes(replayed: LSN(50_610_897), settings: settings()) == 0)
        #expect(receiver.upstreamLagBytes(replayed: nil, settings: settings()) == nil)
    }

    @Test("Without a living link the upstream's lag is unknown, not 0")
    func upstreamLagUnknown() {
        let replayed = LSN(50_610_896)
        #expect(streaming(nil).upstreamLagBytes(replayed: replayed, settings: settings()) == nil)
        #expect(streaming(session(messageAge: 61)).upstreamLagBytes(replayed: replayed, settings: settings()) == nil)
        #expect(streaming(session(status: .waiting)).upstreamLagBytes(replayed: replayed, settings: settings()) == nil)
        #expect(streaming(session(upstreamEnd: nil, age: 60)).upstreamLagBytes(replayed: replayed, settings: settings()) == nil)
        #expect(streaming(session(transit: 0, age: 0.02)).upstreamLagBytes(replayed: replayed, settings: settings()) == nil)
    }

    private func isUp(_ session: Receiver.Session?, settings: Settings? = settings()) -> Bool? {
        streaming(session).isUp(settings: settings)
    }

    private func streaming(_ session: Receiver.Session?) -> Receiver {
        Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
    }

    /// The walreceiver of an idle pair of PostgreSQL 15.
    private func session(
        status: Receiver.Status = .streaming,
        upstreamEnd: Int64? = 50_610_896,
        messageAge: Double? = 5.108825,
        transit: Double? = 0.000116,
        age: Double? = 407.664124
    ) -> Receiver.Session {
        Receiver.Session(
            status: status,
            timeline: 1,
            written: LSN(50_610_896),
            flushed: LSN(50_610_896),
            upstreamEnd: upstreamEnd.map(LSN.init),
            lastMessage: 1_795_453_614.159876,
            lastMessageAge: messageAge,
            transit: transit,
            age: age
        )
    }
}

/// PostgreSQL's defaults.
private func settings(timeout: Double? = 60) -> Settings {
    var settings = Settings()
    settings.walReceiverTimeoutSeconds = timeout
    settings.walRetrieveRetryIntervalSeconds = 5
    return settings
}
