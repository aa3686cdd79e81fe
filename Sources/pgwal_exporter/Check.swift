import ArgumentParser
import MetricsServer
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
              pgwal_exporter check all --url http://localhost:10195
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

    @Option(help: "text, or json with each part and measure.")
    var output = OutputForm.text

    @OptionGroup(title: "A running exporter")
    var remote: RemoteOptions

    @OptionGroup
    var connection: ConnectionOptions

    private static let furtherLooks = 2
    private static let pause = Duration.seconds(1)

    /// For whoever asked wrongly, or has a configuration with errors: what could not be checked is UNKNOWN, and no other status says so.
    static func endUnknown(_ message: String) -> Never {
        // Errors of a configuration were told on standard error, line by line.
        let first = message.split(separator: "\n").first.map(String.init) ?? "the configuration has errors"
        StandardOutput.write("PGWAL UNKNOWN - \(TerminalStyle.safe(first))\n")
        ProcessEnd.now(CheckResult.Status.unknown.rawValue)
    }

    func validate() throws {
        _ = try question()
    }

    private func question() throws -> CheckQuestion {
        do throws(CheckQuestion.Problem) {
            return try CheckQuestion(kind, warning: warning, critical: critical, role: role, prefix: "--")
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let (question, output) = (try question(), output)
        if let exporter = try remote.exporter(instead: connection) {
            let parameters = [("kind", kind.rawValue), ("warning", warning), ("critical", critical), ("role", role?.rawValue)]
            let answer: [UInt8]
            do throws(RemoteProblem) {
                answer = try exporter.answer(to: "/api/v1/check", parameters)
            } catch {
                Self.endUnknown(error.description)
            }
            guard let result = CheckDocument.read(answer) else { Self.endUnknown("\(exporter.url): the answer is none of /api/v1/check") }
            let isWritten = StandardOutput.write(
                output == .json ? RemoteExporter.lineOfJSON(answer) : Array(TerminalStyle.safe(screen: result.text, allowingColour: false).utf8)
            )
            ProcessEnd.now(isWritten ? result.status : CheckResult.Status.unknown.rawValue)
        }
        try OneLook.run(connection) { look in
            var result = Checks.result(question, of: await look.view())
            // How late a standby is, may show only by how it moves on: a first look has nothing to compare with but times of files.
            for _ in 0..<Self.furtherLooks where question.kind == .lag && result.status == .unknown {
                do {
                    try await Task.sleep(for: Self.pause)
                } catch {
                    // Cancelled: what is known now is told.
                    break
                }
                result = Checks.result(question, of: await look.view())
            }
            let bytes = output == .json ? CheckDocument.bytes(of: result) + [UInt8(ascii: "\n")] : Array(result.text.utf8)
            return StandardOutput.write(bytes) ? result.status.rawValue : CheckResult.Status.unknown.rawValue
        }
    }
}

extension CheckKind: ExpressibleByArgument {}
extension ServerRole: ExpressibleByArgument {}
