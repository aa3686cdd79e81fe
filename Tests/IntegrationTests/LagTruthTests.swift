import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// The truth table of lag: what the exporter says against a heartbeat that is written on the primary and read on the standbys.
    @Suite(.serialized)
    struct LagTruthTests {
        private static let timeout = "5s"
        private static let delay = 3.0

        /// With PGWAL_TRUTH_OF_ALL also 19, where it is installed.
        private static let versions =
            PostgresInstallation.among(15, 18)
            + (getenv("PGWAL_TRUTH_OF_ALL") == nil ? [] : PostgresInstallation.majors.filter { $0 >= 19 })

        @Test("lag in seconds is true within a second in every situation", arguments: versions)
        func truthTable(_ major: Int) async throws {
            try await withServers {
                let settings = ["wal_sender_timeout": Self.timeout, "wal_receiver_timeout": Self.timeout]
                let primary = try await PostgresServer.primary(version: major, name: "p", settings: settings)
                try await primary.preparePgbench()
                try await LagHeartbeat.prepare(on: primary)
                let relay = try TCPRelay(to: primary.port)
                // a: behind the network that is cut. c: its cascade. k: its clock is wrong.
                let a = try await PostgresServer.standby(of: primary, name: "a", slot: "a", throughPort: relay.port, settings: settings)
                let c = try await PostgresServer.standby(of: a, name: "c", slot: "c", settings: settings)
                let wrong = try environment(ofClockWrongBy: 100)
                let k = try await PostgresServer.standby(of: primary, name: "k", slot: "k", settings: settings, environment: wrong)
                let exporter = try await Exporter(targets: [primary, a, c, k].map { ($0.name, $0.conninfo()) })
                try await withExporter(exporter) { exporter in
                    let laboratory = LagLaboratory(primary: primary, standbys: [a, c, k], exporter: exporter)
                    var table = LagTable()
                    let rest = try await whileWriting(laboratory, &table, relay)
                    try await whileIdle(laboratory, &table, relay, rest: rest)
                    print(table.markdown("PostgreSQL \(major), seconds,"))
                    if let path = getenv("PGWAL_LAG_SERIES") {
                        try write(laboratory.seriesText, to: "\(String(cString: path))-\(major).csv")
                    }
                }
                relay.close()
            }
        }

        // MARK: - The primary writes

        /// Returns where the WAL ended when the last row was written.
        private func whileWriting(_ laboratory: LagLaboratory, _ table: inout LagTable, _ relay: TCPRelay) async throws -> String {
            let primary = laboratory.heartbeat.primary
            let (a, c, k) = (laboratory.standbys[0], laboratory.standbys[1], laboratory.standbys[2])
            let writer = try await laboratory.heartbeat.start()
            try await deceiveReceiver(of: k)
            // A slot begins where the last checkpoint did.
            try await primary.execute("CHECKPOINT")
            try await primary.createPhysicalSlot("physical")
            try await primary.createLogicalSlot("logical", plugin: "pgoutput")
            try await laboratory.caughtUp()

            laboratory.phase("busy")
            let load = try primary.startPgbench(rate: 40)
            let busy = try await laboratory.samples(during: 4)
            try table.both("busy", "a", busy)
            try table.both("standby's clock 100 s ahead", "k", busy)
            try table.both("cascade, second hop", "c", busy)

            laboratory.phase("replay paused")
            for standby in [a, k] { try await standby.execute("SELECT pg_wal_replay_pause()") }
            let paused = try await laboratory.samples(until: "the paused standbys are 6 s behind") { sample in
                ["a", "k"].allSatisfy { sample.truth[$0].map { $0.lowerBound >= 6 } == true }
            }
            try table.both("replay paused", "a", paused)
            try expectGrowth(paused, by: 3) { try $0.page.value("pgwal_replay_lag_seconds", ["target": "a"]) }
            try expectGrowth(paused, by: 3) { try $0.page.value("pgwal_walsender_replay_age_seconds", ["application_name": "a"]) }
            try table.both("replay paused, standby's clock 100 s ahead", "k", paused)
            try table.both("cascade, first hop paused: second hop", "c", paused)
            try table.behindPrimary("replay paused", "a", paused)
            try await startExporter(besides: laboratory, &table)
            for sample in paused {
                let flushed = try sample.page.value("pgwal_walsender_flush_age_seconds", ["application_name": "a"])
                #expect(try #require(flushed) <= 1, "what is not replayed is safe on the standby all the same")
            }
            await load.terminate()
            for standby in [a, k] { try await standby.execute("SELECT pg_wal_replay_resume()") }
            laboratory.phase("resumed")
            try await laboratory.caughtUp()

            laboratory.phase("apply delay \(Int(Self.delay)) s")
            try a.configure(["recovery_min_apply_delay": "\(Int(Self.delay))s"])
            a.reload()
            try await c.execute("SELECT pg_wal_replay_pause()")
            _ = try await laboratory.samples(until: "the delay is reached") { $0.truth["a"].map { $0.lowerBound >= Self.delay - 0.3 } == true }
            let delayed = try await laboratory.samples(until: "the cascaded standby is 6 s behind") {
                $0.truth["c"].map { $0.lowerBound >= 6 } == true
            }
            try table.both("apply delay of \(Int(Self.delay)) s", "a", delayed)
            for sample in delayed { #expect(LagSample.deviation(of: Self.delay, from: sample.truth["a"] ?? 0...0) <= 1, "the test delays") }
            try table.both("cascade, second hop paused", "c", delayed)
            try table.behindPrimary("apply delay of \(Int(Self.delay)) s", "a", delayed)
            try table.behindPrimary("cascade, second hop paused", "c", delayed)
            laboratory.phase("restarted with an apply delay")
            try await a.restart()
            _ = try await laboratory.samples(until: "it receives again", isStreaming)
            let restarted = try await laboratory.samples(during: 3)
            try table.both("apply delay, standby restarted", "a", restarted)
            try table.behindPrimary("apply delay, standby restarted", "a", restarted)
            try a.configure(["recovery_min_apply_delay": nil])
            a.reload()
            try await c.execute("SELECT pg_wal_replay_resume()")
            laboratory.phase("resumed")
            try await laboratory.caughtUp()

            laboratory.phase("network cut")
            relay.set(.silent)
            let cut = try await laboratory.samples(until: "both sides have noticed, and 9 s are missing") { sample in
                try isNoticed(sample) && sample.truth["a"].map { $0.lowerBound >= 9 } == true
            }
            try checkCut("network cut, primary writes", cut, &table)
            let alive = try cut.compactMap { try $0.page.value("pgwal_walsender_replay_age_seconds", ["application_name": "a"]) }
            #expect(alive.max() ?? 0 > 2, "the walsender's row lives on for wal_sender_timeout")
            try await checkSlots(cut.suffix(3), laboratory, &table)
            try table.behindPrimary("network cut, primary writes", "a", cut)
            try table.behindPrimary("cascade behind a standby that is cut off", "c", cut)
            try await a.execute("SELECT pg_wal_replay_pause()")
            relay.set(.open)
            laboratory.phase("network back, replay paused")
            _ = try await laboratory.samples(until: "it receives again", isStreaming)
            let back = try await laboratory.samples(during: 3)
            try table.both("network back after the cut, replay paused", "a", back)
            try table.behindPrimary("network back after the cut, replay paused", "a", back)
            try await a.execute("SELECT pg_wal_replay_resume()")
            laboratory.phase("network back")
            try await laboratory.caughtUp()
            await writer.terminate()
            return try await primary.psql("SELECT pg_current_wal_insert_lsn()")
        }

        /// The walsender while its row lives, the slot all the time, and the standby once it has noticed.
        private func checkCut(_ situation: String, _ cut: [LagSample], _ table: inout LagTable) throws {
            let walsender = "pgwal_walsender_replay_age_seconds"
            let alive = cut.filter { !$0.page.all(walsender, ["application_name": "a"]).isEmpty }
            let noticed = try cut.filter { try $0.page.value("pgwal_receiver_up", ["target": "a"]) == 0 }
            try table.add("\(situation), not noticed yet", walsender, alive, of: "a") { try $0.value(walsender, ["application_name": "a"]) }
            let slot = "pgwal_slot_retained_age_seconds"
            try table.add(situation, slot, cut, of: "a") { try $0.value(slot, ["slot_name": "a"]) }
            let standby = "pgwal_replay_lag_seconds"
            try table.add("\(situation), `pgwal_receiver_up` 0", standby, noticed, of: "a", isKnown: false) {
                try $0.value(standby, ["target": "a"])
            }
            for sample in noticed { #expect(try sample.page.value("pgwal_upstream_lag_bytes", ["target": "a"]) == nil) }
        }

        private func checkSlots(_ samples: ArraySlice<LagSample>, _ laboratory: LagLaboratory, _ table: inout LagTable) async throws {
            for (slot, metrics) in [
                ("physical", ["pgwal_slot_retained_age_seconds"]),
                ("logical", ["pgwal_slot_retained_age_seconds", "pgwal_slot_confirmed_flush_age_seconds"]),
            ] {
                let since = try await laboratory.heartbeat.slot(slot)
                for metric in metrics {
                    let first = try #require(metric.contains("confirmed") ? since.confirmed : since.restart)
                    try table.add("inactive \(slot) slot", metric, Array(samples)) { sample in
                        sample.asked.lowerBound - first...sample.asked.upperBound - first
                    } value: {
                        try $0.value(metric, ["slot_name": slot])
                    }
                }
            }
        }

        // MARK: - The primary is idle

        private func whileIdle(_ laboratory: LagLaboratory, _ table: inout LagTable, _ relay: TCPRelay, rest: String) async throws {
            let primary = laboratory.heartbeat.primary
            let a = laboratory.standbys[0]
            laboratory.phase("idle")
            try await laboratory.caughtUp()
            let idle = try await laboratory.samples(during: 4)
            try table.both("idle", "a", idle)
            try table.both("idle, standby's clock 100 s ahead", "k", idle)
            try table.both("idle, cascade, second hop", "c", idle)
            for metric in ["pgwal_walsender_replay_age_seconds", "pgwal_replay_lag_seconds"] {
                // The background writer's record of running transactions may come in one of them.
                let wrong = idle.filter { $0.page.all(metric).values.contains { $0 != 0 } }
                #expect(wrong.count <= 1, "\(metric) is 0 when all is caught up")
            }

            laboratory.phase("standby restarted")
            try await a.restart()
            _ = try await laboratory.samples(until: "it streams again", isStreaming)
            let restarted = try await laboratory.samples(during: 1)
            // The last that an idle server writes, up to 15 s after the last change. What is cut off later is cut off while nothing is written.
            let rested = try await laboratory.samples(until: "the background writer has noted the running transactions") { _ in
                try await primary.psql("SELECT pg_current_wal_lsn() > '\(rest)'") == "t"
            }
            try table.both("idle, standby restarted", "a", restarted + rested)
            try await laboratory.caughtUp()
            laboratory.phase("network cut while idle")
            relay.set(.silent)
            let cut = try await laboratory.samples(until: "both sides have noticed", isNoticed)
            let more = try await laboratory.samples(during: 1)
            try checkCut("network cut while idle", cut + more, &table)
            relay.set(.open)
            laboratory.phase("network back")
            try await laboratory.caughtUp()

            laboratory.phase("written again")
            try await a.execute("SELECT pg_wal_replay_pause()")
            let writer = try await laboratory.heartbeat.start()
            let again = try await laboratory.samples(until: "3 s are missing") { $0.truth["a"].map { $0.lowerBound >= 3 } == true }
            try table.both("first writes after idleness, replay paused", "a", again)
            try table.commits("first writes after idleness, replay paused", "a", again)
            await writer.terminate()
            try await a.execute("SELECT pg_wal_replay_resume()")
            laboratory.phase("WAL without a transaction")
            try await laboratory.caughtUp()
            try await a.execute("SELECT pg_wal_replay_pause()")
            // No transaction, but WAL: of a checkpoint, and of what is logged without one.
            try await primary.execute("CHECKPOINT")
            try await primary.psql("SELECT pg_logical_emit_message(false, 'load', repeat('x', 300000))")
            let unmoved = try await laboratory.samples(until: "WAL is missing for 2 s") {
                try $0.page.value("pgwal_walsender_replay_age_seconds", ["application_name": "a"]) ?? 0 >= 2
            }
            try table.commits("idle, replay paused, WAL without a transaction", "a", unmoved)
        }

        // MARK: -

        /// Another exporter that begins to look now knows the same, or says that it does not.
        private func startExporter(besides laboratory: LagLaboratory, _ table: inout LagTable) async throws {
            let servers = [laboratory.heartbeat.primary] + laboratory.standbys
            let exporter = try await Exporter(targets: servers.map { ($0.name, $0.conninfo()) })
            try await withExporter(exporter) { exporter in
                let young = LagLaboratory(primary: laboratory.heartbeat.primary, standbys: laboratory.standbys, exporter: exporter)
                let samples = try await young.samples(during: 1)
                try table.add("replay paused, exporter just started", "pgwal_replay_lag_seconds", samples, of: "a") {
                    try $0.value("pgwal_replay_lag_seconds", ["target": "a"])
                }
                for sample in samples {
                    let age = try #require(try sample.page.value("pgwal_walsender_replay_age_seconds", ["application_name": "a"]))
                    let isLowerBound = try sample.page.value("pgwal_walsender_age_is_lower_bound", ["application_name": "a"]) == 1
                    let truth = try #require(sample.truth["a"])
                    #expect(age <= truth.upperBound + 1)
                    #expect(isLowerBound || LagSample.deviation(of: age, from: truth) <= 1, "\(age), and the truth is \(truth)")
                }
            }
        }

        private func isStreaming(_ sample: LagSample) throws -> Bool {
            try sample.page.value("pgwal_receiver_up", ["target": "a"]) == 1
                && sample.page.value("pgwal_walsender_replay_age_seconds", ["application_name": "a"]) != nil
        }

        /// The standby has no receiver any more, and the primary no walsender for it.
        private func isNoticed(_ sample: LagSample) throws -> Bool {
            try sample.page.value("pgwal_receiver_up", ["target": "a"]) == 0
                && sample.page.all("pgwal_walsender_connections", ["application_name": "a"]).isEmpty
        }

        /// Until 15 the postmaster begins a walreceiver in a signal handler, mostly within select(2), and libfaketime leaves a process
        /// the true time that is born there. Such a receiver is ended until there is one with the clock of its server.
        private func deceiveReceiver(of standby: PostgresServer) async throws {
            let transit = "extract(epoch FROM last_msg_receipt_time - last_msg_send_time)"
            _ = try await poll("the walreceiver has the wrong clock, too", every: .milliseconds(100)) {
                let answer = try await standby.psql("SELECT \(transit), pid FROM pg_stat_wal_receiver").split(separator: "|")
                guard answer.count == 2, let transit = Double(answer[0]), let pid = Int32(answer[1]) else { return false }
                // Until its first message it is 0.
                if transit != 0, transit < 99 { kill(pid, SIGTERM) }
                return transit >= 99
            } until: {
                $0
            }
        }

        private func expectGrowth(_ samples: [LagSample], by least: Double, _ value: (LagSample) throws -> Double?) throws {
            let values = try samples.compactMap(value)
            let (first, last) = (try #require(values.first), try #require(values.last))
            #expect(last - first >= least)
            // The moment at which the position was passed is known the better the more samples there are: a small step back is allowed.
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 - 0.5 < $1 }, "\(values) does not grow")
        }

        private func write(_ text: String, to path: String) throws {
            guard let file = fopen(path, "w") else { throw SupportFailure("cannot write \(path)") }
            defer { fclose(file) }
            fputs(text, file)
        }
    }
}

extension LagTable {
    fileprivate mutating func behindPrimary(
        _ situation: String,
        _ standby: String,
        _ samples: [LagSample],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let metric = "pgwal_behind_primary_seconds"
        try add(situation, metric, samples, of: standby, sourceLocation: sourceLocation) { try $0.value(metric, ["target": standby]) }
    }

    /// Two lines: what is missing of transactions.
    fileprivate mutating func commits(
        _ situation: String,
        _ standby: String,
        _ samples: [LagSample],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (metric, labels) in [
            ("pgwal_walsender_commit_age_seconds", ["application_name": standby]),
            ("pgwal_behind_primary_commit_seconds", ["target": standby]),
        ] {
            try add(situation, metric, samples, of: standby, sourceLocation: sourceLocation) { try $0.value(metric, labels) }
        }
    }

    /// Two lines: a standby as its upstream sees it, and as it sees itself.
    fileprivate mutating func both(
        _ situation: String,
        _ standby: String,
        _ samples: [LagSample],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (metric, labels) in [
            ("pgwal_walsender_replay_age_seconds", ["application_name": standby]),
            ("pgwal_replay_lag_seconds", ["target": standby]),
        ] {
            try add(situation, metric, samples, of: standby, sourceLocation: sourceLocation) { try $0.value(metric, labels) }
        }
    }
}
