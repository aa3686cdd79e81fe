package import MetricCatalog
import Monitoring

/// What the process knows of itself, for the pages that tell it.
package struct Vitals: Sendable {
    let build: ExporterReport.Build
    let problem: @Sendable () -> String?
    private let counters: @Sendable () -> ExporterReport.Counters

    /// - Parameters:
    ///   - problem: why the process is not healthy; nil: it is. Must not wait for anything.
    ///   - counters: what was counted so far.
    package init(
        build: ExporterReport.Build,
        problem: @escaping @Sendable () -> String?,
        counters: @escaping @Sendable () -> ExporterReport.Counters
    ) {
        self.build = build
        self.problem = problem
        self.counters = counters
    }

    /// The process now.
    var report: ExporterReport {
        ExporterReport(build: build, process: .current(), counters: counters())
    }
}
