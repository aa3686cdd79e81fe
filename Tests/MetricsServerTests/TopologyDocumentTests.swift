import Foundation
import Hummingbird
import Judgement
import ReplicationModel
import Testing

@testable import MetricsServer
@testable import Terminal

struct TopologyDocumentTests {
    @Test("The document has every key that its description shows, and no other")
    func keys() throws {
        let text = try String(contentsOf: documentation, encoding: .utf8)
        let blocks = text.split(separator: "```json\n").dropFirst().compactMap { $0.split(separator: "\n```").first }
        let block = try #require(blocks.first { $0.contains("\"servers\"") })
        let described = paths(try JSONSerialization.jsonObject(with: Data(block.utf8)))
        let found = paths(try JSONSerialization.jsonObject(with: encoded(TopologyDocument(view))))
        #expect(found.subtracting(described) == [])
        #expect(described.subtracting(found) == [])
    }

    @Test("So has that of the events")
    func eventKeys() throws {
        let text = try String(contentsOf: documentation, encoding: .utf8)
        let blocks = text.split(separator: "```json\n").dropFirst().compactMap { $0.split(separator: "\n```").first }
        let block = try #require(blocks.first { $0.contains("\"events\"") })
        let event = Event(.slotLost, at: 1, target: "a", subject: "s", before: "valid", after: "lost", "Lost.")
        let found = try JSONSerialization.jsonObject(with: encoded(EventsDocument([event])))
        #expect(paths(found) == paths(try JSONSerialization.jsonObject(with: Data(block.utf8))))
    }

    @Test("So has that of a check, and the command reads it; another version, another status or a text is none")
    func checkKeys() throws {
        let text = try String(contentsOf: documentation, encoding: .utf8)
        let blocks = text.split(separator: "```json\n").dropFirst().compactMap { $0.split(separator: "\n```").first }
        let block = try #require(blocks.first { $0.contains("\"performance\"") })
        let range = try #require(MonitoringRange("60", .seconds))
        let result = CheckResult(
            name: "lag",
            parts: [.init(.warning, "a is 61 s behind")],
            performance: [.init(label: "a", value: 61, unit: .seconds, warning: range, critical: range)],
            wellText: ""
        )
        let bytes = CheckDocument.bytes(of: result)
        #expect(paths(try JSONSerialization.jsonObject(with: Data(bytes))) == paths(try JSONSerialization.jsonObject(with: Data(block.utf8))))
        let read = try #require(CheckDocument.read(bytes))
        #expect(read.status == 1 && read.text == "PGWAL LAG WARNING - a is 61 s behind | 'a'=61s;60;60;0\n")
        for (old, new) in [("\"version\":1", "\"version\":2"), ("\"status\":1", "\"status\":4"), ("{", "x")] {
            #expect(CheckDocument.read(Array(String(decoding: bytes, as: UTF8.self).replacing(old, with: new).utf8)) == nil)
        }
    }

    @Test("A label keeps its spelling")
    func labels() throws {
        var report = report("a", .down(reason: "refused"))
        report.labels = [(name: "dataCentre", value: "Übersee \"1\"/2")]
        let document = try JSONSerialization.jsonObject(with: encoded(TopologyDocument(FleetView(reports: [report], now: 1)))) as? [String: Any]
        let server = (document?["servers"] as? [[String: Any]])?.first
        #expect(server?["labels"] as? [String: String] == ["dataCentre": "Übersee \"1\"/2"])
        #expect(server?["up"] as? Bool == false && server?["reason"] as? String == "refused")
    }

    @Test("A target that did not answer yet is neither up nor down")
    func unanswered() throws {
        let view = FleetView(reports: [report("a", .unanswered(reason: "no answer within 1 ms"))], now: 1)
        let document = try JSONSerialization.jsonObject(with: encoded(TopologyDocument(view))) as? [String: Any]
        let server = (document?["servers"] as? [[String: Any]])?.first
        #expect(server?["up"] == nil && server?["reason"] as? String == "no answer within 1 ms")
        #expect((document?["findings"] as? [[String: Any]])?.isEmpty == true, "nothing is wrong that is known")
    }

    @Test("Discovery leads to /probe of each target, with what is known of it under __meta_")
    func discovery() throws {
        var down = report("orders vip", .down(reason: "refused"))
        down.labels = [(name: "site", value: "dc1")]
        down.addresses = [ServerAddress(host: "::1", port: 5432)]
        var up = report("dc2/a", .up(standby))
        up.membership = .init(cluster: "dc2", member: "a")
        let groups = ServiceDiscovery([down, up], at: try #require(ExternalAddress(host: "exporter:10195"))).groups
        #expect(groups.map(\.targets) == [["exporter:10195"], ["exporter:10195"]])
        #expect(
            groups[0].labels == [
                "__metrics_path__": "/probe", "__param_target": "orders vip", "__meta_pgwal_target": "orders vip",
                "__meta_pgwal_label_site": "dc1", "__meta_pgwal_role": "unknown", "__meta_pgwal_address": "[::1]:5432",
            ]
        )
        #expect(groups[1].labels["__meta_pgwal_cluster"] == "dc2" && groups[1].labels["__meta_pgwal_member"] == "a")
        #expect(groups[1].labels["__meta_pgwal_role"] == "standby" && groups[1].labels["__meta_pgwal_system_identifier"] == "7711")
    }

    @Test(
        "max_lag is a time or a number of bytes",
        arguments: [
            ("10s", .seconds(10)), ("500ms", .seconds(0.5)), ("1.5m", .seconds(90)), ("2min", .seconds(120)), ("1h", .seconds(3600)),
            ("16MB", .bytes(16 << 20)), ("1kB", .bytes(1024)), ("0B", .bytes(0)), ("1.5GB", .bytes(3 << 29)),
            ("", nil), ("10", nil), ("s", nil), ("-1s", nil), ("+1s", nil), (".5s", nil), ("1e3s", nil), ("10 s", nil), ("10S", nil), ("1..2s", nil),
            ("99999999TB", nil), ("nans", nil), ("infs", nil), ("٣s", nil),
            (String(repeating: "9", count: 400) + "s", nil), (String(repeating: "9", count: 307) + "h", nil),
        ] as [(String, LagLimit.Quantity?)]
    )
    func lagLimit(text: String, expected: LagLimit.Quantity?) {
        #expect(LagLimit(text[...])?.quantity == expected)
    }

    // MARK: - Making

    /// A cut-off standby leader with a standby of its own, a target that is down, and a cluster one of whose interfaces is.
    private var view: FleetView {
        var paused = standby
        paused.recovery?.pauseState = .paused
        paused.settings?.hasRecoveryTarget = false
        var leader = report("dc2/dc2-pg1", .up(paused))
        leader.membership = .init(cluster: "dc2", member: "dc2-pg1")
        leader.labels = [(name: "site", value: "dc2")]
        // What follows from its receiving nothing.
        leader.expectations.standbys = [.init(applicationName: "dc2/dc2-pg1", scope: .any, source: .config)]
        var gone = report("dc1/dc1-pg2", .down(reason: "refused"))
        gone.lastSeen = .snapshot(standby, at: 1_795_464_801)
        var cluster = PatroniCluster(
            name: "dc2",
            endpoints: [.init(url: "http://10.77.2.11:8008", problem: nil), .init(url: "http://10.77.2.12:8008", problem: "refused")]
        )
        cluster.members = [
            PatroniMember(
                name: "dc2-pg1",
                role: "standby_leader",
                state: "running",
                address: ServerAddress(host: "10.77.2.11", port: 5432),
                timeline: 1
            )
        ]
        cluster.settings = PatroniSettings(standbyCluster: .init(host: "10.77.1.100", port: 5432, slotName: "standby_cluster"))
        cluster.isPaused = false
        cluster.readAt = 1_795_464_891
        let silences = [
            Silence(.standbyNotStreaming, target: "dc2/dc2-pg1", slot: "standby_cluster", until: 1_801_440_000, reason: "kept for the move")
        ]
        return FleetView(reports: [leader, gone], clusters: [cluster], silences: silences, now: 1_795_464_892)
    }

    private var standby: ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "7711",
            clusterName: "dc2",
            address: "10.77.2.11",
            port: 5432,
            postmasterStart: 1_795_460_000,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: .standby)
        let position = LSN(302_000_000)
        snapshot.recovery = Recovery(received: position, replayed: position, lastReplayedTransaction: nil, pauseState: .notPaused, timeline: 1)
        snapshot.receiver = Receiver(
            session: nil,
            isHidden: false,
            hasConnectionString: true,
            hasSlotName: true,
            hasRestoreCommand: false,
            upstream: .init(host: "10.77.1.100", port: "5432", slotName: "standby_cluster")
        )
        var walsender = Walsender(applicationName: "dc2-pg2", state: .streaming, current: position, replayed: position)
        walsender.clientAddress = "10.77.2.12"
        walsender.slotName = "dc2_pg2"
        walsender.syncState = .async
        walsender.replayAge = 0
        snapshot.walsenders = [walsender]
        var settings = Settings()
        settings.walLogHints = true
        settings.fullPageWrites = true
        settings.hasRestoreCommand = true
        snapshot.settings = settings
        return snapshot
    }

    private func report(_ name: String, _ outcome: TargetReport.Outcome) -> TargetReport {
        TargetReport(name: name, labels: [], outcome: outcome, seconds: 0, connects: 1, errors: [:])
    }

    private func encoded(_ document: some Encodable) throws -> Data {
        try JSONEncoder.forResponses.encode(document)
    }

    private var documentation: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/api.md")
    }

    /// Every key with the way to it; labels are not keys.
    private func paths(_ value: Any, _ prefix: String = "") -> Set<String> {
        switch value {
        case let object as [String: Any]:
            return object.reduce(into: []) { result, entry in
                let path = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
                result.insert(path)
                if entry.key != "labels" { result.formUnion(paths(entry.value, path)) }
            }
        case let list as [Any]: return list.reduce(into: []) { $0.formUnion(paths($1, "\(prefix)[]")) }
        default: return []
        }
    }
}
