import Checks
import Exposition
import Judgement
import MetricCatalog
import ReplicationModel

/// What servers answer, from the rows to the page, by way of the decoders, the history, the fleet's memory and the rules: the page is valid
/// whatever they say, and nothing on it is not a number.
@Sendable func fuzzRows(_ input: Input) {
    // Far from the origin, as a monotonic clock may be.
    var now = 100_000.0
    let start = 1_795_453_600.0
    var servers: [FuzzedServer] = []
    var current = 0
    var memory = FleetMemory()
    for step in Script(input.bytes).steps + [.pass(seconds: 1)] {
        switch step {
        case .server(let name, let major, let isStandby):
            if let index = servers.firstIndex(where: { $0.name == name }) {
                current = index
            } else if servers.count < 4 {
                servers.append(FuzzedServer(name: name, major: major, role: isStandby ? .standby : .primary))
                current = servers.count - 1
            }
        case .answer(let name, let rows):
            if servers.isEmpty { servers.append(FuzzedServer(name: "a", major: 18, role: .primary)) }
            servers[current].answer(name, rows)
        case .pass(let seconds):
            // A monotonic clock only goes forward.
            if seconds.isFinite { now += min(max(seconds, 0), 1e9) }
            let wallClock = start + now
            for index in servers.indices { servers[index].collect(at: Moment(monotonic: MonotonicTime(now), wall: wallClock), &schema) }
            look(at: servers.compactMap(\.report), &memory, wallClock)
        }
    }
    let reports = servers.compactMap(\.report)
    let format = input.anyFormat
    PageCheck.checkSeries(Catalog.page(of: reports, exporter: nil, format: format), format)
}

/// Learnt once for all inputs; libFuzzer calls from one thread.
nonisolated(unsafe) private var schema = Schema()

private func look(at reports: [TargetReport], _ memory: inout FleetMemory, _ wallClock: Double) {
    for report in reports {
        if let moment = report.collectedAt { memory.note(report, at: moment) }
    }
    let view = FleetView(reports: reports, splits: memory.splits, now: wallClock)
    for finding in Findings.all(of: view) { hold(!finding.summary.isEmpty, "a finding without words") }
}
