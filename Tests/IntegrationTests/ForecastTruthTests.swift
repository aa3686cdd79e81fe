import PostgresTestSupport
import Testing

extension PatientTests {
    /// Forecasts against what really happens.
    @Suite(.serialized)
    struct ForecastTruthTests {
        private static let metric = "pgwal_slot_time_to_lost_seconds"
        /// What is foretold must come true for predictions made from so long to so short before.
        private static let ahead = 20.0...120.0
        /// A slot on a server where nothing happens is not about to be lost. In the first seconds the record of a checkpoint counts as a rate.
        private static let far = 86_400.0

        private struct Prediction {
            let time: Double
            let seconds: Double?
            let idle: Double?
        }

        @Test("the time to lost comes true within 25 %; on an idle server it is far", arguments: PostgresInstallation.among(18))
        func timeToLost(_ major: Int) async throws {
            try await withServers {
                // Two segments of 16 MB can be written before the slot may be lost.
                let settings = ["max_slot_wal_keep_size": "16MB", "max_wal_size": "32MB", "min_wal_size": "32MB"]
                let primary = try await PostgresServer.primary(version: major, name: "busy", settings: settings)
                let idle = try await PostgresServer.primary(version: major, name: "idle", settings: settings)
                try await primary.execute(
                    "CREATE TABLE load WITH (fillfactor = 50) AS SELECT id, repeat('x', 600) AS filler FROM generate_series(1, 100) id"
                )
                for server in [primary, idle] {
                    // What creation wrote shall be of a segment before the one that the slot begins with.
                    try await server.execute("SELECT pg_switch_wal(); CHECKPOINT;")
                    try await server.createPhysicalSlot("kept")
                }
                let exporter = try await Exporter(targets: [primary, idle].map { ($0.name, $0.conninfo()) })
                try await withExporter(exporter) { exporter in
                    let processes = [
                        try pgbench(
                            primary,
                            rate: 205,
                            """
                            \\set id random(1, 100)
                            UPDATE load SET filler = repeat(md5(random()::text), 20) WHERE id = :id;
                            """
                        ),
                        // PostgreSQL removes WAL, and with it a slot, at checkpoints only.
                        try ChildProcess(
                            primary.installation.tool("psql"),
                            ["-XAtq", "-d", primary.conninfo(), "-f", try Exporter.file("CHECKPOINT \\watch 2\n")]
                        ),
                    ]
                    let (predictions, lost) = try await predictionsUntilLost(exporter, processes)
                    for process in processes { await process.terminate() }
                    try check(predictions, lost: lost, major)
                }
            }
        }

        /// A prediction each second until the slot is lost, and when that was.
        private func predictionsUntilLost(_ exporter: Exporter, _ processes: [ChildProcess]) async throws -> ([Prediction], lost: Double) {
            var predictions: [Prediction] = []
            var lost = 0.0
            _ = try await poll("the slot is lost", timeout: .seconds(400), every: .seconds(1)) {
                for process in processes where !process.isRunning { throw SupportFailure(process.output) }
                let page = try await exporter.page()
                lost = LagObservation.now()
                let isLost = try page.state("pgwal_slot_wal_status", "wal_status", ["target": "busy"]) == "lost"
                let seconds = try page.value(Self.metric, ["target": "busy"])
                if isLost { #expect(seconds == nil, "a lost slot has no future") }
                if !isLost { predictions.append(Prediction(time: lost, seconds: seconds, idle: try page.value(Self.metric, ["target": "idle"]))) }
                return isLost
            } until: {
                $0
            }
            return (predictions, lost)
        }

        private func check(_ predictions: [Prediction], lost: Double, _ major: Int) throws {
            var lines: [String] = []
            var worst = 0.0
            var checked = 0
            let idle = predictions.compactMap(\.idle)
            #expect(idle.allSatisfy { $0 > Self.far }, "nothing happens on the idle server, and it said \(idle.min() ?? 0)")
            for prediction in predictions {
                let truth = lost - prediction.time
                guard Self.ahead.contains(truth) else { continue }
                let seconds = try #require(prediction.seconds, "no prediction \(truth) s ahead")
                let error = (seconds - truth) / truth
                #expect(abs(error) <= 0.25, "\(truth) s ahead it said \(seconds)")
                worst = max(worst, abs(error))
                checked += 1
                if checked % 10 == 1 { lines.append("| \(rounded(truth)) | \(rounded(seconds)) | \(rounded(100 * error)) % |") }
            }
            #expect(checked >= 50, "there were \(checked) predictions")
            #expect(predictions.contains { lost - $0.time > 115 && $0.seconds != nil }, "the first predictions must reach two minutes ahead")
            print(
                """
                PostgreSQL \(major), time to lost, seconds; \(checked) predictions, the worst wrong by \(rounded(100 * worst)) %:

                | truth | exporter | error |
                |---|---|---|
                \(lines.joined(separator: "\n"))

                On an idle server: absent in \(predictions.count - idle.count) of \(predictions.count) scrapes, else \
                \(idle.min().map { "at least \(rounded($0 / 86_400)) days" } ?? "nothing").

                """
            )
        }

        private func rounded(_ value: Double) -> Double {
            (value * 10).rounded() / 10
        }

        private func pgbench(_ server: PostgresServer, rate: Double, _ script: String) throws -> ChildProcess {
            try ChildProcess(
                server.installation.tool("pgbench"),
                ["-n", "-R", "\(rate)", "-T", "86400", "-f", try Exporter.file(script)]
                    + ["-h", server.socketDirectory, "-p", "\(server.port)", "-U", "postgres", "postgres"]
            )
        }
    }
}
