import ArgumentParser
import ExporterConfiguration
import Exposition
import Judgement
import Logging
import MetricCatalog
import Monitoring
import NIOPosix
import Patroni
import ReplicationModel

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Prints the metrics once.
struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Print the metrics once, for people and for the textfile collector.",
        discussion: """
            For node_exporter's textfile collector write to another file first and rename it, so that no half page is read:
              pgwal_exporter collect > pgwal.prom.new && mv pgwal.prom.new pgwal.prom

            Exits with status 1 when a target is down, or a Patroni cluster does not answer so that its members are not known; the page
            is printed all the same, with pgwal_up 0 or pgwal_patroni_up 0.
            """
    )

    @Flag(help: "Print OpenMetrics instead of the classic text format.")
    var openmetrics = false

    @OptionGroup
    var connection: ConnectionOptions

    func run() throws {
        let configuration = try connection.load()
        // The page goes to standard output whatever it takes; the process ends with the task.
        let logger = connection.logging.logger()
        ConnectionOptions.tell(of: configuration, to: logger)
        let format: ExpositionFormat = openmetrics ? .openMetrics : .prometheusText
        Task(priority: .medium) { ProcessEnd.now(await Self.collect(configuration, format, logger) ? 0 : 1) }
        while true { pause() }
    }

    /// - Returns: whether everything answered.
    private static func collect(_ configuration: Configuration, _ format: ExpositionFormat, _ logger: Logger) async -> Bool {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let patroni = configuration.patroni.isEmpty ? nil : PatroniConnections(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
        let fleet = Fleet(configuration, patroni: patroni, logger: quiet)
        let view = await fleet.view(until: .now + configuration.collection.timeout + .seconds(1))
        let (reports, clusters) = (view.reports, view.clusters)
        await fleet.stop()
        let exporter = ExporterReport(build: Version.build, process: nil)
        StandardOutput.write(Catalog.page(of: reports, clusters: clusters, findings: Findings.all(of: view), exporter: exporter, format: format))
        return reports.allSatisfy { $0.snapshot != nil } && clusters.allSatisfy { $0.readAt != nil }
    }
}
