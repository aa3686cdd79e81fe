package import MetricCatalog
import Monitoring

/// What the process knows of itself, for the pages that tell it.
package struct Vitals: Sendable {
    let build: ExporterReport.Build
    let problem: @Sendable () -> String?
    private let counters: @Sendable () -> ExporterReport.Counters
    private let reload: @Sendable () -> ExporterReport.Reload

    /// - Parameters:
    ///   - problem: why the process is not healthy; nil: it is. Must not wait for anything.
    ///   - counters: what was counted so far.
    ///   - reload: how the configuration was read last.
    package init(
        build: ExporterReport.Build,
        problem: @escaping @Sendable () -> String?,
        counters: @escaping @Sendable () -> ExporterReport.Counters,
        reload: @escaping @Sendable () -> ExporterReport.Reload
    ) {
        self.build = build
        self.problem = problem
        self.counters = counters
        self.reload = reload
    }

    /// The process now.
    var report: ExporterReport {
        ExporterReport(build: build, process: .current(), counters: counters(), reload: reload())
    }
}
