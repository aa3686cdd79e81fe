import ArgumentParser
import Exposition
import Judgement
import MetricCatalog
import ReplicationModel

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
        let format: ExpositionFormat = openmetrics ? .openMetrics : .prometheusText
        let (output, fail) = (output, fail)
        try OneLook.run(connection, tells: false) { look in
            let view = await look.view()
            let exporter = ExporterReport(build: Version.build, process: nil)
            let page = Catalog.page(
                of: view.reports,
                clusters: view.clusters,
                findings: Findings.all(of: view),
                exporter: exporter,
                format: format
            )
            let isWhole = view.reports.allSatisfy { $0.snapshot != nil } && view.clusters.allSatisfy { $0.readAt != nil }
            return Self.write(page, to: output) && (isWhole || !fail) ? 0 : 1
        }
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
}
