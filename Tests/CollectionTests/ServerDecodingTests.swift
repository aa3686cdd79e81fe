import Collection
import Postgres
import ReplicationModel
import Testing

struct ServerDecodingTests {
    @Test("Identity and role are read as the server tells them")
    func identity() throws {
        var rows = Recording.identityRows
        rows[0][5...6] = [nil, nil]
        #expect(try Recording.identity(rows) == .example)
        #expect(throws: DecodeError.self) { try Recording.identity([]) }
    }

    @Test("The role is decided by pg_is_in_recovery()", arguments: [("f", ServerRole.primary), ("t", .standby)])
    func role(inRecovery: String, expected: ServerRole) throws {
        let rows = RowSet.literal(
            columns: ["in_recovery", "clock", "configuration_loaded"],
            rows: [[inRecovery, "1795453618.59329", "1795453210.07117"]]
        )
        let answer = try IdentityQueries.decodeRole(rows)
        #expect(answer.role == expected)
        #expect(answer.clock == 1_795_453_618.59329)
        #expect(answer.configurationLoaded == 1_795_453_210.07117)
    }

    @Test("Settings come in base units")
    func settings() throws {
        let settings = try #require(try Recording.settings18.snapshot().settings)
        #expect(settings.maxWALSizeBytes == 64 << 20)
        #expect(settings.walKeepSizeBytes == 0)
        #expect(settings.maxSlotWALKeepSizeBytes == 64 << 20)
        #expect(settings.walLevel == "logical" && settings.archiveMode == "on" && settings.synchronousCommit == "on")
        #expect(settings.walLogHints == false && settings.dataChecksums == true && settings.fullPageWrites == true)
        #expect(settings.hasRestoreCommand == false)
        #expect(settings.walSenderTimeoutSeconds == 60 && settings.walReceiverTimeoutSeconds == 60)
        #expect(settings.walRetrieveRetryIntervalSeconds == 5 && settings.recoveryMinApplyDelaySeconds == 0)
        #expect(settings.idleReplicationSlotTimeoutSeconds == 0)
        #expect(settings.synchronousStandbyNames == "FIRST 1 (sby1, other)")
        #expect(settings.maxWalsenders == 20 && settings.maxReplicationSlots == 15 && settings.maxReplicationOrigins == 10)
    }

    @Test("wal_receiver_timeout that is the role's own (19) is not the walreceiver's, and unknown; lists of names are names")
    func roleSettings() throws {
        let settings = try #require(try Recording.settings19.snapshot().settings)
        #expect(settings.walReceiverTimeoutSeconds == nil)
        #expect(settings.walRetrieveRetryIntervalSeconds == 0.2)
        #expect(settings.syncReplicationSlots == true)
        #expect(settings.synchronizedStandbySlots == ["standby", "Odd Name"])
        #expect(try Recording.settings15.snapshot().settings?.synchronizedStandbySlots == nil)
    }

    @Test("A limit of -1 is none, and a setting that the version lacks is unknown")
    func unlimited() throws {
        let settings = try #require(try Recording.settings15.snapshot().settings)
        #expect(settings.maxSlotWALKeepSizeBytes == nil)
        #expect(settings.idleReplicationSlotTimeoutSeconds == nil)
        #expect(settings.maxReplicationOrigins == 10)
        #expect(settings.synchronousStandbyNames == "")
    }

    @Test("Every unit of pg_settings is understood", arguments: [("B", 7), ("kB", 7 << 10), ("8kB", 7 << 13), ("MB", 7 << 20)] as [(String, Int64)])
    func units(unit: String, bytes: Int64) throws {
        #expect(try setting("max_wal_size", "7", unit: unit).maxWALSizeBytes == bytes)
    }

    @Test("Times too", arguments: [("ms", 0.007), ("s", 7), ("min", 420)])
    func timeUnits(unit: String, seconds: Double) throws {
        #expect(try setting("wal_sender_timeout", "7", unit: unit).walSenderTimeoutSeconds == seconds)
    }

    @Test("The walreceiver's row comes through")
    func receiver() throws {
        let position = LSN(50_610_896)
        let session = Receiver.Session(
            status: .streaming,
            timeline: 1,
            written: position,
            flushed: position,
            upstreamEnd: position,
            lastMessage: 1_795_453_614.159876,
            lastMessageAge: 5.108825,
            transit: 0.000116,
            age: 407.664124
        )
        let expected = Receiver(
            session: session,
            isHidden: false,
            hasConnectionString: true,
            hasSlotName: true,
            hasRestoreCommand: false,
            upstream: .init(host: "127.0.0.1", port: "5432", slotName: "standby1")
        )
        #expect(try Recording.receiver15.snapshot().receiver == expected)
    }

    @Test("A walreceiver whose row is hidden from the role is not taken for a missing one")
    func hiddenReceiver() throws {
        let receiver = try #require(try Recording.hiddenReceiver15.snapshot().receiver)
        #expect(receiver.isHidden && receiver.session == nil && receiver.hasConnectionString == nil)
        #expect(receiver.upstream == .init(host: nil, port: nil, slotName: "standby1"))
        #expect(receiver.isConfigured == true && receiver.status == nil)
    }

    @Test("Without a walreceiver the status is `stopped`")
    func noReceiver() throws {
        let receiver = try #require(try Recording.hiddenReceiver15.replacing("is_running", with: "f").snapshot().receiver)
        #expect(!receiver.isHidden && receiver.session == nil && receiver.status == .stopped)
    }

    @Test("Prefetching and conflicts keep their columns apart")
    func recovery() throws {
        var prefetch = Recording.recoveryPrefetch15
        prefetch.rows = [(1...9).map(String.init)]
        let expected = RecoveryPrefetch(
            prefetched: 1,
            hits: 2,
            skippedZeroed: 3,
            skippedNew: 4,
            skippedFullPage: 5,
            skippedRepeated: 6,
            walDistanceBytes: 7,
            blockDistance: 8,
            ioDepth: 9
        )
        #expect(try prefetch.snapshot().recoveryPrefetch == expected)
        for (recording, count) in [(Recording.recoveryConflicts15, 5), (.recoveryConflicts18, 6)] {
            var recording = recording
            recording.rows = [(1...count).map(String.init)]
            let conflicts = try #require(try recording.snapshot().recoveryConflicts)
            #expect(conflicts.map(\.kind) == Array(RecoveryConflict.Kind.allCases.prefix(count)))
            #expect(conflicts.map(\.count) == (1...count).map(Int64.init))
        }
    }

    @Test("Missing privileges are told one by one", arguments: [(Recording.privileges18, 5, false), (.privileges13, 3, true)])
    func privileges(recording: Recording, count: Int, isGranted: Bool) throws {
        let expected = Privilege.allCases.prefix(count).map { PrivilegeCheck(privilege: $0, isGranted: isGranted) }
        #expect(try recording.snapshot().privileges == expected)
    }

    private func setting(_ name: String, _ value: String, unit: String) throws -> Settings {
        var recording = Recording.settings18
        recording.rows = [[name, value, value, nil, unit]]
        return try #require(try recording.snapshot().settings)
    }
}
