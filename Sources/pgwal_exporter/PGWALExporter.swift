import ArgumentParser
import Postgres

/// The command line.
@main
struct PGWALExporter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pgwal_exporter",
        abstract: "Prometheus exporter for PostgreSQL's WAL and replication.",
        discussion: """
            Collects WAL positions, walsenders, replication slots, the WAL receiver, archiving and logical replication over one \
            connection per server, in one network round trip per scrape, and serves them for Prometheus.

            Which server: --dsn, or the environment (PGWAL_DSN, DATA_SOURCE_NAME, or libpq's own PGHOST, PGUSER, PGSERVICE …), or \
            several in a file with --config.file.

            Passwords belong in the environment (PGWAL_DSN, PGPASSWORD), in ~/.pgpass, or in a password_file of the configuration: everyone \
            on the machine can read a command line.

            Examples:
              pgwal_exporter --dsn 'host=10.0.0.5 user=monitor dbname=postgres'
              pgwal_exporter --config.file /etc/pgwal_exporter.yml
              pgwal_exporter status --dsn 'service=orders'
              pgwal_exporter check lag --warning 30 --config.file /etc/pgwal_exporter.yml
              pgwal_exporter plan --outage 24h --dsn 'service=orders'
              pgwal_exporter config --config.file /etc/pgwal_exporter.yml

            The role needs pg_monitor, or the grants that docs/privileges.md lists. Without a subcommand, serve is run; \
            'pgwal_exporter serve --help' lists its options.
            """,
        version: Version.text,
        subcommands: [
            Serve.self, Status.self, Doctor.self, Check.self, Plan.self, Events.self, Collect.self, ShowConfiguration.self, ListMetrics.self,
            Health.self,
        ],
        defaultSubcommand: Serve.self
    )

    /// Not asynchronous: nothing shall have started a thread before a command has read its configuration and set up the process.
    static func main() {
        StandardDescriptors.fill()
        ProcessMemory.keepPrivate()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            if CommandLine.arguments.dropFirst().first == Check.configuration.commandName, exitCode(for: error) != .success {
                Check.endUnknown(message(for: error))
            }
            exit(withError: error)
        }
    }
}
