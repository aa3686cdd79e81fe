import ArgumentParser
import ExporterConfiguration
import Postgres
import WebServer

/// Checks the configuration and prints what is in effect.
struct ShowConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check the configuration and print what is in effect, without secrets.",
        discussion: """
            Exits with status 1 and names file, line and key of everything that is wrong. So it does when a file that is named cannot be \
            used as it is now, such as a password file that is not there; 'serve' starts all the same and reads it when it connects. \
            A secret that others can see, on the command line or in a file, is told on standard error with status 0.
            """
    )

    @OptionGroup
    var connection: ConnectionOptions

    @Option(
        name: .customLong("web.config.file"),
        help: ArgumentHelp("Check this file of the web server as well, with the certificates that it names.", valueName: "path")
    )
    var webConfigFile: String?

    func run() throws {
        try checkWebConfiguration()
        let configuration = try connection.load()
        StandardOutput.write(configuration.yaml(redactDSN: ConnectionParameters.redacted))
        StandardError.write(configuration.remarks.map { "pgwal_exporter: \($0.line)\n" }.joined())
        if configuration.remarks.contains(where: \.isObstacle) { throw ExitCode.failure }
    }

    private func checkWebConfiguration() throws {
        guard let webConfigFile else { return }
        let (lines, isUsable): ([String], Bool)
        do throws(WebConfigurationError) {
            (lines, isUsable) = (try WebAccess.check(file: webConfigFile), true)
        } catch {
            (lines, isUsable) = (error.lines, false)
        }
        StandardError.write(lines.map { "pgwal_exporter: \($0)\n" }.joined())
        guard isUsable else { throw ExitCode.failure }
    }
}
