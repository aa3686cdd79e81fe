import Judgement
package import MetricCatalog
import Monitoring
import WebServer

/// What the process knows of itself, for the pages that tell it.
package struct Vitals: Sendable {
    let build: ExporterReport.Build
    let problem: @Sendable () -> String?
    private let tellsProcess: Bool
    private let counters: @Sendable () -> ExporterReport.Counters
    private let reload: @Sendable () -> ExporterReport.Reload
    private let state: @Sendable () -> ExporterReport.State?

    /// - Parameters:
    ///   - problem: why the process is not healthy; nil: it is. Must not wait for anything.
    ///   - tellsProcess: whether `/metrics` has the process's own metrics.
    ///   - counters: what was counted so far, but for requests.
    ///   - reload: how the configuration was read last.
    ///   - state: how the state file fares; nil where there is none.
    package init(
        build: ExporterReport.Build,
        problem: @escaping @Sendable () -> String?,
        tellsProcess: Bool = true,
        counters: @escaping @Sendable () -> ExporterReport.Counters,
        reload: @escaping @Sendable () -> ExporterReport.Reload,
        state: @escaping @Sendable () -> ExporterReport.State? = { nil }
    ) {
        self.state = state
        self.build = build
        self.problem = problem
        self.tellsProcess = tellsProcess
        self.counters = counters
        self.reload = reload
    }

    /// The process now.
    func report(_ requests: RequestCounter, events: [Event.Kind: Int]) -> ExporterReport {
        var counters = counters()
        counters.requests = requests.counts.map { .init(handler: $0.kind.handler, code: $0.kind.code, count: Int64($0.count)) }
        counters.requestsInFlight = Int64(requests.inFlight)
        return ExporterReport(
            build: build,
            process: tellsProcess ? .current() : nil,
            counters: counters,
            reload: reload(),
            state: state(),
            events: events
        )
    }
}
