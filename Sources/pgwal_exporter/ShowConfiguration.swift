import ArgumentParser
import ExporterConfiguration
import Postgres

/// Checks the configuration and prints what is in effect.
struct ShowConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check the configuration and print what is in effect, without secrets.",
        discussion: "Exits with status 1 and names file, line and key of everything that is wrong."
    )

    @OptionGroup
    var connection: ConnectionOptions

    func run() throws {
        let configuration = try connection.load()
        StandardOutput.write(configuration.yaml(redactDSN: ConnectionParameters.redacted))
    }
}
