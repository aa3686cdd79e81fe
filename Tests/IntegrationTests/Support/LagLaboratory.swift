import PostgresTestSupport
import Synchronization

/// A primary with a heartbeat, its standbys, and an exporter that watches them all. Its targets are named like the servers.
final class LagLaboratory: Sendable {
    let heartbeat: LagHeartbeat
    let standbys: [PostgresServer]
    let exporter: Exporter
    private let series: Mutex<(phase: String, lines: [String])>

    init(primary: PostgresServer, standbys: [PostgresServer], exporter: Exporter) {
        heartbeat = LagHeartbeat(primary: primary)
        self.standbys = standbys
        self.exporter = exporter
        series = Mutex(("start", []))
    }

    /// Samples until one is as wanted, and returns them all.
    func samples(until what: String, timeout: Duration = .seconds(60), _ isWanted: (LagSample) async throws -> Bool) async throws -> [LagSample] {
        var samples: [LagSample] = []
        do {
            try await waitUntil(what, timeout: timeout) {
                let sample = try await sample()
                samples.append(sample)
                return try await isWanted(sample)
            }
        } catch {
            let lines = samples.last?.page.text.split(separator: "\n").filter { $0.contains("_age_seconds{") || $0.contains("_receiver_up{") }
            throw SupportFailure("\(error)\nlast truth: \(samples.last?.truth ?? [:])\nlast page:\n\(lines?.joined(separator: "\n") ?? "none")")
        }
        return samples
    }

    /// Samples for so many seconds, one right after the other.
    func samples(during seconds: Double) async throws -> [LagSample] {
        let end = ContinuousClock.now + .seconds(seconds)
        var samples: [LagSample] = []
        repeat { samples.append(try await sample()) } while ContinuousClock.now < end
        return samples
    }

    /// Samples until all is visible everywhere, and known to be.
    func caughtUp() async throws {
        _ = try await samples(until: "all standbys have caught up") { sample in
            try standbys.allSatisfy { standby in
                let isKnown =
                    try sample.page.value("pgwal_receiver_up", ["target": standby.name]) == 1
                    && sample.page.value("pgwal_walsender_replay_age_seconds", ["application_name": standby.name]) ?? 9 < 0.5
                return isKnown && sample.truth[standby.name].map { $0.upperBound < 0.5 } == true
            }
        }
    }

    func sample() async throws -> LagSample {
        let first = try await observations()
        let page = try await exporter.page()
        let second = try await observations()
        let missing = try await heartbeat.oldest(newerThan: (first + second).map(\.heartbeat))
        guard missing.count == 2 * standbys.count else { throw SupportFailure("\(missing) of \(standbys.count) standbys") }
        var truth: [String: ClosedRange<Double>] = [:]
        var classic: [String: Double] = [:]
        for (index, standby) in standbys.enumerated() {
            let before = first[index].truth(missing: missing[index])
            let after = second[index].truth(missing: missing[standbys.count + index])
            truth[standby.name] = min(before.lowerBound, after.lowerBound)...max(before.upperBound, after.upperBound)
            classic[standby.name] = second[index].classic
        }
        let begin = first.map(\.asked.lowerBound).min() ?? 0
        let end = second.map(\.asked.upperBound).max() ?? begin
        let sample = LagSample(page: page, asked: begin...max(begin, end), truth: truth, classic: classic)
        try note(sample)
        return sample
    }

    private func observations() async throws -> [LagObservation] {
        try await withThrowingTaskGroup(of: (Int, LagObservation).self) { group in
            for (index, standby) in standbys.enumerated() {
                group.addTask { (index, try await LagObservation(of: standby)) }
            }
            var found: [(Int, LagObservation)] = []
            for try await observation in group { found.append(observation) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

// MARK: - The whole run

extension LagLaboratory {
    /// Says what happens from now on.
    func phase(_ name: String) {
        series.withLock { $0.phase = name }
    }

    /// Every sample of the first standby, for a plot.
    var seriesText: String {
        let header = "time,phase,truth_low,truth_high,walsender_replay_age,slot_retained_age,replay_lag,receiver_up,classic\n"
        return series.withLock { $0.lines.reduce(header) { "\($0)\($1)\n" } }
    }

    private func note(_ sample: LagSample) throws {
        guard let name = standbys.first?.name, let truth = sample.truth[name] else { return }
        let values = [
            truth.lowerBound, truth.upperBound,
            try sample.page.value("pgwal_walsender_replay_age_seconds", ["application_name": name]),
            try sample.page.value("pgwal_slot_retained_age_seconds", ["slot_name": name]),
            try sample.page.value("pgwal_replay_lag_seconds", ["target": name]),
            try sample.page.value("pgwal_receiver_up", ["target": name]),
            sample.classic[name],
        ]
        let middle = (sample.asked.lowerBound + sample.asked.upperBound) / 2
        series.withLock { series in
            series.lines.append(([String(middle), series.phase] + values.map { $0.map { String($0) } ?? "" }).joined(separator: ","))
        }
    }
}
