import ExporterConfiguration
import Postgres
import ReplicationModel
import Testing
import TimeSupport

@testable import Monitoring

/// A fleet that is told to follow another configuration, with sessions that lead nowhere.
struct FleetReloadTests {
    private let sessions = FakeSessions()
    private let log = RecordedLog()

    @Test("Other labels and expectations: the same session, which was never closed, and all that was counted")
    func settings() async throws {
        try await withFleet(of: [target("a", "host=a"), target("b", "host=b")]) { fleet in
            let before = try #require(await fleet.report(of: "a", until: soon))
            #expect(before.isUp == true && before.connects == 1 && !before.errors.isEmpty)
            var changed = target("a", "host=a")
            changed.labels = ["site": "x"]
            changed.expectations.slots = [.init(name: "own")]
            changed.expectations.role = .standby
            let difference = await fleet.reload(configuration([target("b", "host=b"), changed]))
            #expect(difference.adapted == ["a"] && difference.unchanged == ["b"])
            #expect(fleet.names == ["b", "a"])
            let after = try #require(await fleet.report(of: "a", until: soon))
            #expect(after.labels.map { "\($0.name)=\($0.value)" } == ["site=x"])
            #expect(after.expectations.slots.map(\.name) == ["own"])
            #expect(after.expectations.role == .standby)
            #expect(sum(after.errors) > sum(before.errors), "a counter goes on")
            #expect(sessions.all.count == 2)
            // Not the expected role: where the address leads to is asked once more, as ever.
            #expect(sessions.to("host=b")[0].closes == 0)
        }
    }

    @Test("Another connection string: another session, the former one is closed; what was counted stays, and no counter falls")
    func moved() async throws {
        try await withFleet(of: [target("a", "host=a")]) { fleet in
            let before = try #require(await fleet.report(of: "a", until: soon))
            let difference = await fleet.reload(configuration([target("a", "host=z")]))
            #expect(difference.moved == ["a"])
            var connects: [Int] = []
            for _ in 0..<20 {
                let report = try #require(await fleet.report(of: "a", until: soon))
                #expect(report.isUp == true)
                #expect(report.addresses == [ServerAddress(host: "z", port: 5432)])
                connects.append(report.connects)
            }
            #expect(connects.allSatisfy { $0 > 0 } && connects.last == 2 && connects == connects.sorted(), "\(connects)")
            let after = try #require(await fleet.report(of: "a", until: soon))
            #expect(sum(after.errors) > sum(before.errors))
            #expect(sessions.all.map(\.conninfo) == ["host=a", "host=z"])
            try await eventually("it is closed") { sessions.all[0].closes == 1 && !sessions.all[0].isConnected }
            #expect(log.lines.contains { $0.contains("connecting anew") })
        }
    }

    @Test("The same connection string in other words is no other one")
    func reworded() async throws {
        try await withFleet(of: [target("a", "host=a user=m")]) { fleet in
            _ = await fleet.report(of: "a", until: soon)
            await fleet.reload(configuration([target("a", "user='m'   host=a")]))
            #expect(await fleet.report(of: "a", until: soon)?.isUp == true)
            #expect(sessions.all.count == 1 && sessions.all[0].closes == 0)
        }
    }

    @Test("One that goes is closed and told no more; one that comes is connected though nobody asks")
    func comesAndGoes() async throws {
        try await withFleet(of: [target("a", "host=a"), target("b", "host=b")]) { fleet in
            _ = await fleet.reports(until: soon)
            let difference = await fleet.reload(configuration([target("c", "host=c"), target("a", "host=a")]))
            #expect(difference.added == ["c"] && difference.removed == ["b"] && difference.unchanged == ["a"])
            #expect(sessions.to("host=b")[0].closes == 1)
            try await eventually("it is connected") { sessions.to("host=c").first?.isConnected == true }
            #expect(await fleet.reports(until: soon).map(\.name) == ["c", "a"])
            #expect(await fleet.report(of: "b", until: soon) == nil)
        }
    }

    @Test("One that comes, or moves, to where nobody answers delays the others by a second at most, and not twice")
    func nowhere() async throws {
        try await withFleet(of: [target("a", "host=a"), target("b", "host=b")]) { fleet in
            _ = await fleet.reports(until: soon)
            await fleet.reload(configuration([target("a", "host=a"), target("b", "nowhere"), target("c", "nowhere")]))
            let watch = Stopwatch()
            for _ in 0..<3 {
                let reports = await fleet.reports(until: .now + .seconds(20))
                #expect(reports.map(\.isUp) == [true, nil, nil])
            }
            #expect(watch.elapsed < .seconds(3))
        }
    }

    @Test("The time limit and the collectors that are switched off hold at once")
    func collection() async throws {
        try await withFleet(of: [target("a", "host=a")]) { fleet in
            _ = await fleet.report(of: "a", until: soon)
            let session = sessions.all[0]
            #expect(session.asked.contains("checkpoints_13") && session.asked.contains("settings"), "\(session.asked)")
            var changed = configuration([target("a", "host=a")])
            changed.collection.timeout = .seconds(3)
            changed.collection.disabledCollectors = ["checkpoints", "settings", "wal_directory"]
            await fleet.reload(changed)
            #expect(fleet.collectionTimeout == .seconds(3))
            #expect(session.timeout == .seconds(3))
            var before = session.asked.count
            let report = try #require(await fleet.report(of: "a", until: soon))
            #expect(report.snapshot?.reports.isEmpty == false)
            #expect(report.snapshot?.reports.contains { [.checkpoints, .settings, .walDirectory].contains($0.collector) } == false)
            #expect(!session.asked[before...].contains("checkpoints_13") && !session.asked[before...].contains("settings"))

            await fleet.reload(configuration([target("a", "host=a")]))
            before = session.asked.count
            let again = try #require(await fleet.report(of: "a", until: soon))
            #expect(session.asked[before...].contains("checkpoints_13") && session.asked[before...].contains("settings"))
            #expect(again.snapshot?.reports.contains { $0.collector == .checkpoints } == true)
            #expect(sessions.all.count == 1 && session.closes == 0)
        }
    }

    @Test("Scrapes go on while it is reloaded again and again: each target is up on every page, over the session that it had")
    func scrapes() async throws {
        let targets = (0..<5).map { target("t\($0)", "host=t\($0)") }
        try await withFleet(of: targets) { fleet in
            _ = await fleet.reports(until: soon)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for round in 0..<200 {
                        var changed = targets
                        changed[0].labels = ["round": "\(round)"]
                        changed[1].expectations.role = round.isMultiple(of: 2) ? .primary : .any
                        if round.isMultiple(of: 3) { changed.append(target("extra", "host=extra")) }
                        await fleet.reload(configuration(changed))
                    }
                }
                group.addTask {
                    for _ in 0..<200 {
                        let reports = await fleet.reports(until: .now + .seconds(20))
                        #expect(reports.filter { $0.name != "extra" }.map(\.isUp) == [true, true, true, true, true])
                    }
                }
            }
            for target in targets {
                let own = sessions.to(target.dsn.reveal())
                #expect(own.count == 1 && own[0].closes == 0 && own[0].connectsTotal == 1)
            }
            let extra = sessions.to("host=extra")
            #expect(extra.count == 67)
            #expect(extra.count { $0.isConnected } <= 1)
        }
    }

    @Test("Of two assignments on their way at once the later one counts, whichever comes first")
    func order() async throws {
        let collection = CollectionConfiguration(lsnSampleInterval: .zero)
        func assignment(_ dsn: String, version: Int) -> TargetAssignment {
            TargetAssignment(entry: .init(target: target("a", dsn), address: nil), collection: collection, version: version)
        }
        let monitor = TargetMonitor(assignment("host=a", version: 1), logger: log.logger, on: .shared, makeSession: sessions.make)
        await monitor.adopt(assignment("host=c", version: 3))
        await monitor.adopt(assignment("host=b", version: 2))
        #expect(await monitor.report(.init(until: soon)).addresses.map(\.host) == ["c"])
        #expect(sessions.all.map(\.conninfo) == ["host=a", "host=c"])
        await monitor.stop()
    }

    @Test("A fleet that has stopped follows nothing")
    func stopped() async throws {
        let fleet = fleet(of: [target("a", "host=a")])
        await fleet.start()
        await fleet.stop()
        let difference = await fleet.reload(configuration([target("b", "host=b")]))
        #expect(difference == TargetDifference())
        #expect(sessions.all.count == 1)
    }

    // MARK: - Making

    private var soon: ContinuousClock.Instant { .now + .seconds(20) }

    private func withFleet(of targets: [TargetConfiguration], _ body: (Fleet) async throws -> Void) async throws {
        let fleet = fleet(of: targets)
        await fleet.start()
        do {
            try await body(fleet)
        } catch {
            await fleet.stop()
            throw error
        }
        await fleet.stop()
    }

    private func fleet(of targets: [TargetConfiguration]) -> Fleet {
        Fleet(configuration(targets), logger: log.logger, makeSession: sessions.make)
    }

    private func configuration(_ targets: [TargetConfiguration]) -> Configuration {
        Configuration(targets: targets, collection: CollectionConfiguration(lsnSampleInterval: .zero), origin: .file("test.yml"))
    }

    private func target(_ name: String, _ dsn: String) -> TargetConfiguration {
        TargetConfiguration(name: name, dsn: Secret(dsn))
    }

    private func sum(_ errors: [CollectorName: [CollectorFailure.Reason: Int]]) -> Int {
        errors.values.flatMap(\.values).reduce(0, +)
    }

    private func eventually(_ what: String, _ isSo: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !isSo() {
            try #require(.now < end, "\(what)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
