import ArgumentParser
import ExporterConfiguration
import Logging
import Monitoring
import Postgres
import ReplicationModel

/// Which servers, and how they are asked: shared by all commands that need a configuration.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("config.file"),
        help: ArgumentHelp("YAML file with targets; see docs/configuration.md.", valueName: "path")
    )
    var configFile: String?

    @Option(
        help: ArgumentHelp(
            "Connection string of a single target: key=value pairs or a postgresql:// URI.",
            discussion: "Not one with a password: everyone on the machine can read a command line. PGWAL_DSN or a file may hold one.",
            valueName: "conninfo"
        )
    )
    var dsn: String?

    @Option(
        name: .customLong("collection.timeout"),
        help: ArgumentHelp("Longest time for one collection. (default: 5s)", valueName: "duration"),
        transform: duration
    )
    var timeout: Duration?

    @Option(
        name: .customLong("collection.directory-interval"),
        help: ArgumentHelp("How often pg_wal and other directories are listed. (default: 30s)", valueName: "duration"),
        transform: duration
    )
    var directoryInterval: Duration?

    @Option(
        name: .customLong("collection.lsn-sample-interval"),
        help: ArgumentHelp("How often the end of WAL is sampled for the ages; 0 for never. (default: 1s)", valueName: "duration"),
        transform: duration
    )
    var sampleInterval: Duration?

    @Flag(help: "Switch collectors off or on; all are on by default.")
    var collectors: [CollectorFlag] = []

    @OptionGroup(title: "Logging")
    var logging: LoggingOptions

    /// Where the configuration is read from, now and again.
    var source: ConfigurationSource {
        ConfigurationSource(
            file: configFile,
            dsn: dsn,
            overrides: Overrides(
                timeout: timeout,
                directoryInterval: directoryInterval,
                lsnSampleInterval: sampleInterval,
                collectors: Dictionary(collectors.map { ($0.collector.rawValue, $0.isEnabled) }) { $1 }
            )
        )
    }

    /// The configuration, or an exit with status 1 that names everything wrong with it.
    func load() throws -> Configuration {
        // One that cannot be read may hold one, too.
        if let dsn, ConnectionParameters.mayHoldPassword(dsn) { CommandLineSecret.hide(dsn) }
        do throws(ConfigurationError) {
            return try source.load()
        } catch {
            StandardError.write(error.lines.map { "pgwal_exporter: \($0)\n" }.joined())
            throw ExitCode.failure
        }
    }

    /// Tells what was found about the files that a configuration names.
    static func tell(of configuration: Configuration, to logger: Logger) {
        let most = 50
        for remark in configuration.remarks.prefix(most) { logger.warning("\(remark.line)") }
        guard configuration.remarks.count > most else { return }
        logger.warning("'pgwal_exporter config' tells the rest", metadata: ["and more": "\(configuration.remarks.count - most)"])
    }

    private static func duration(_ text: String) throws -> Duration {
        do throws(ConfigurationError) {
            return try Overrides.duration(text)
        } catch {
            throw ValidationError(error.lines.joined(separator: "; "))
        }
    }
}

/// `--collector.NAME` and `--no-collector.NAME`.
struct CollectorFlag: EnumerableFlag, CustomStringConvertible {
    let collector: CollectorName
    let isEnabled: Bool

    /// The parser tells flags apart by it, at each start. Without it, reflection makes one up, which takes long.
    var description: String { "\(isEnabled ? "" : "no-")collector.\(collector.rawValue)" }

    static var allCases: [CollectorFlag] {
        CollectorName.allCases.flatMap { [Self(collector: $0, isEnabled: true), Self(collector: $0, isEnabled: false)] }
    }

    static func name(for value: CollectorFlag) -> NameSpecification {
        .customLong(value.description)
    }

    static func help(for value: CollectorFlag) -> ArgumentHelp? {
        value.isEnabled ? ArgumentHelp("\(value.collector.summary).") : ArgumentHelp("Leave it out.")
    }
}
