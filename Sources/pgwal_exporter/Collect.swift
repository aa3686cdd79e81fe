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
            For node_exporter's textfile collector:
              pgwal_exporter collect --output /var/lib/prometheus/node-exporter/pgwal.prom
            The file is written beside and renamed, so that no half page is read.

            Exits with status 0 when the page is whole, whatever is down: pgwal_up 0 and pgwal_patroni_up 0 in it say so, and standard
            error says why. A page that is withheld would leave the former one, which says pgwal_up 1. Exits with status 1 when the page
            could not be written, and with --fail also when a target is down, or a Patroni cluster does not answer so that its members
            are not known.
            """
    )

    @Flag(help: "Print OpenMetrics instead of the classic text format.")
    var openmetrics = false

    @Option(help: ArgumentHelp("Write the page to this file, as a whole, instead of to standard output.", valueName: "path"))
    var output: String?

    @Flag(help: "Exit with status 1 when anything is down. The page is written all the same.")
    var fail = false

    @OptionGroup
    var connection: ConnectionOptions

    func run() throws {
        let configuration = try connection.load()
        // The page goes to standard output whatever it takes; the process ends with the task.
        let logger = connection.logging.logger()
        ConnectionOptions.tell(of: configuration, to: logger)
        let format: ExpositionFormat = openmetrics ? .openMetrics : .prometheusText
        let (output, fail) = (output, fail)
        Task(priority: .medium) {
            let (page, isWhole) = await Self.page(configuration, format, logger)
            let isWritten = Self.write(page, to: output)
            ProcessEnd.now(isWritten && (isWhole || !fail) ? 0 : 1)
        }
        while true { pause() }
    }

    /// - Parameter file: nil is standard output.
    /// - Returns: whether all of it was written.
    private static func write(_ page: [UInt8], to file: String?) -> Bool {
        guard let file else { return StandardOutput.write(page) }
        do {
            try WholeFile.write(page, to: file)
            return true
        } catch {
            StandardError.write("pgwal_exporter: \(error)\n")
            return false
        }
    }

    /// - Returns: the page, and whether everything answered.
    private static func page(_ configuration: Configuration, _ format: ExpositionFormat, _ logger: Logger) async -> ([UInt8], Bool) {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let patroni = configuration.patroni.isEmpty ? nil : PatroniConnections(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
        let fleet = Fleet(configuration, patroni: patroni, logger: quiet)
        let view = await fleet.view(until: .now + configuration.collection.timeout + .seconds(1))
        let (reports, clusters) = (view.reports, view.clusters)
        await fleet.stop()
        let exporter = ExporterReport(build: Version.build, process: nil)
        let page = Catalog.page(of: reports, clusters: clusters, findings: Findings.all(of: view), exporter: exporter, format: format)
        return (page, reports.allSatisfy { $0.snapshot != nil } && clusters.allSatisfy { $0.readAt != nil })
    }
}
