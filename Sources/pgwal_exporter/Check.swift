import ArgumentParser
import ReplicationModel
import Terminal

/// Looks once and tells by its status, for Nagios, Icinga and cron.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check once, for Nagios, Icinga and cron: one line, performance data, and a status from 0 to 3.",
        discussion: """
            What is checked:
              role           whether each server has the role that the configuration expects, or --role
              lag            seconds that each standby is behind; 60 and 300
              slots          what is found of slots; thresholds are of the WAL that one keeps, in bytes; none
              wal            per cent of pg_wal's filesystem that is free, where it is seen from here; 15: and 5:
              archive        seconds that the oldest file has waited to be archived; 300 and 3600
              subscriptions  whether each is enabled and applied
              all            everything that is found, as the page has it

            Thresholds are ranges of the Monitoring Plugins: 60 (above it, or below 0), 15: (below it), ~:10, @10:20. Numbers may end \
            with ms, s, min, h, d, or kB, MB, GB, TB (of 1,024).

            The status is 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A server that is down is CRITICAL. What is not known is never OK.

            Examples:
              pgwal_exporter check lag --warning 30 --critical 5min --dsn 'host=10.0.0.5 user=monitor dbname=postgres'
              pgwal_exporter check slots --warning 10GB --critical 50GB --config.file /etc/pgwal_exporter/pgwal_exporter.yml
            """
    )

    @Argument(help: "What to check.")
    var kind: CheckKind

    @Option(name: [.short, .long], help: ArgumentHelp("When to warn.", valueName: "range"))
    var warning: String?

    @Option(name: [.short, .long], help: ArgumentHelp("When it is critical.", valueName: "range"))
    var critical: String?

    @Option(help: "The role that every server should have, for 'check role': primary or standby.")
    var role: ServerRole?

    @OptionGroup
    var connection: ConnectionOptions

    /// For whoever asked wrongly, or has a configuration with errors: what could not be checked is UNKNOWN, and no other status says so.
    static func endUnknown(_ message: String) -> Never {
        // Errors of a configuration were told on standard error, line by line.
        let first = message.split(separator: "\n").first.map(String.init) ?? "the configuration has errors"
        StandardOutput.write("PGWAL UNKNOWN - \(TerminalStyle.safe(first))\n")
        ProcessEnd.now(CheckResult.Status.unknown.rawValue)
    }

    func validate() throws {
        guard role == nil || kind == .role else { throw ValidationError("--role is for 'check role'.") }
        _ = try range(warning, "--warning")
        _ = try range(critical, "--critical")
    }

    private func range(_ text: String?, _ name: String) throws -> MonitoringRange? {
        guard let text else { return nil }
        guard let unit = kind.unit else { throw ValidationError("'check \(kind.rawValue)' has no thresholds.") }
        guard let range = MonitoringRange(text, unit) else {
            throw ValidationError(
                "\(name) '\(text)' is no range: 60, 15:, ~:10 or @10:20, with \(unit.suffixes.keys.sorted().joined(separator: ", "))"
            )
        }
        return range
    }

    func run() throws {
        let kind = kind
        let role = role
        let unit = kind.unit
        let warning = try range(warning, "--warning") ?? kind.defaults.warning.flatMap { text in unit.flatMap { MonitoringRange(text, $0) } }
        let critical = try range(critical, "--critical") ?? kind.defaults.critical.flatMap { text in unit.flatMap { MonitoringRange(text, $0) } }
        try OneLook.run(connection) { look in
            let result = Checks(await look.view(), warning: warning, critical: critical).result(kind, role: role)
            return StandardOutput.write(Array(result.text.utf8)) ? result.status.rawValue : CheckResult.Status.unknown.rawValue
        }
    }
}

extension CheckKind: ExpressibleByArgument {}
extension ServerRole: ExpressibleByArgument {}
