import ArgumentParser
import MetricCatalog

/// Prints the catalogue.
struct ListMetrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "List every metric: name, type, labels, where it comes from, and which servers give it."
    )

    @Flag(help: "As the Markdown page docs/METRICS.md.")
    var markdown = false

    func run() throws {
        StandardOutput.write(markdown ? CatalogDocument.markdown : CatalogDocument.plainText)
    }
}
