import ArgumentParser
import Judgement
import Terminal

/// Prints every finding with what it was concluded from and what to do.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong, what shows it, and what to do: settings, privileges, slots, standbys.",
        discussion: """
            Every finding of one server or of a fleet, the worst first, with its evidence and its cure. Nothing is changed.

            Exits with status 1 when something is critical, else with 0.

            Examples:
              pgwal_exporter doctor --config.file /etc/pgwal_exporter/pgwal_exporter.yml
              pgwal_exporter doctor --dsn 'host=10.0.0.5 user=monitor dbname=postgres' --fix-sql > fix.sql
              pgwal_exporter doctor --url https://exporter.example:10195 --username dba --password-file ~/.exporter-password
            """
    )

    @Flag(
        name: .customLong("fix-sql"),
        help: "Print the statements of the cures alone, each with the server on which to run it. What destroys stands in a comment. Nothing is run."
    )
    var fixSQL = false

    @OptionGroup(title: "A running exporter")
    var remote: RemoteOptions

    @OptionGroup
    var connection: ConnectionOptions

    func run() throws {
        let fixSQL = fixSQL
        if let exporter = try remote.exporter(instead: connection) {
            let screen = exporter.screen("/api/v1/doctor", [("fix_sql", fixSQL ? "true" : nil)], style: fixSQL ? .plain : .ofStandardOutput)
            ProcessEnd.now(StandardOutput.write(Array(screen.text.utf8)) ? screen.status : 1)
        }
        try OneLook.run(connection) { look in
            let view = await look.view()
            let topology = Topology(view)
            let lines = fixSQL ? FindingText.sql(topology.findings) : FindingText.report(topology, style: .ofStandardOutput)
            guard StandardOutput.write(Array((lines.joined(separator: "\n") + "\n").utf8)) else { return 1 }
            return Headline(topology).critical > 0 ? 1 : 0
        }
    }
}
