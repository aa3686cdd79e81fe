import ArgumentParser
import ExporterConfiguration
import Judgement
import MetricsServer
import Terminal

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Prints the topology and what is wrong.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show who streams from whom, and what is wrong, on one screen.",
        discussion: """
            The same verdicts, in the same words, as the page and /api/v1/topology. What it takes to mend them: pgwal_exporter doctor.

            Exits with status 0 whatever it finds; 'check' and 'doctor' tell by their status.

            Examples:
              pgwal_exporter status --config.file /etc/pgwal_exporter/pgwal_exporter.yml
              pgwal_exporter status --dsn 'host=10.0.0.5 user=monitor dbname=postgres' --watch
              pgwal_exporter status --output json | jq .findings
              pgwal_exporter status --url http://localhost:10195
            """
    )

    @Option(help: "text, or json as /api/v1/topology has it.")
    var output = OutputForm.text

    @Flag(help: "Look again and again, until Ctrl-C.")
    var watch = false

    @Option(help: ArgumentHelp("How often. (default: 2s)", valueName: "duration"), transform: shortDuration)
    var interval = Duration.seconds(2)

    @OptionGroup(title: "A running exporter")
    var remote: RemoteOptions

    @OptionGroup
    var connection: ConnectionOptions

    func validate() throws {
        guard !watch || output == .text else { throw ValidationError("--watch is for --output text.") }
    }

    func run() throws {
        let (output, watch, interval) = (output, watch, interval)
        if let exporter = try remote.exporter(instead: connection) { ask(exporter) }
        try OneLook.run(connection) { look in
            repeat {
                let view = await look.view()
                let topology = Topology(view)
                let isWritten =
                    switch output {
                    case .json: StandardOutput.write(TopologyJSON.bytes(of: view) + [UInt8(ascii: "\n")])
                    case .text: Self.write(StatusText(view, topology, style: .ofStandardOutput).lines, onClearScreen: watch)
                    }
                guard isWritten else { return 1 }
                if watch { try? await Task.sleep(for: interval) }
            } while watch
            return 0
        }
    }

    /// What a running exporter knows, with what it remembers.
    private func ask(_ exporter: RemoteExporter) -> Never {
        repeat {
            let isWritten =
                switch output {
                case .json: StandardOutput.write(exporter.json("/api/v1/topology"))
                case .text: Self.write(exporter.screen("/api/v1/status", style: .ofStandardOutput).text, onClearScreen: watch)
                }
            guard isWritten else { ProcessEnd.now(1) }
            if watch { usleep(UInt32(interval / .microseconds(1))) }
        } while watch
        ProcessEnd.now(0)
    }

    private static func write(_ lines: [String], onClearScreen: Bool) -> Bool {
        write(lines.joined(separator: "\n") + "\n", onClearScreen: onClearScreen)
    }

    private static func write(_ text: String, onClearScreen: Bool) -> Bool {
        let clear = onClearScreen && isatty(STDOUT_FILENO) == 1 ? "\u{1B}[H\u{1B}[2J" : ""
        return StandardOutput.write(Array((clear + text).utf8))
    }
}

/// A span of time for an option, from 100 ms to an hour.
@Sendable func shortDuration(_ text: String) throws -> Duration {
    let duration = try optionDuration(text)
    guard duration >= .milliseconds(100), duration <= .seconds(3600) else { throw ValidationError("must be from 100ms to 1h") }
    return duration
}

/// A span of time for an option.
@Sendable func optionDuration(_ text: String) throws -> Duration {
    do throws(ConfigurationError) {
        return try Overrides.duration(text)
    } catch {
        throw ValidationError(error.lines.joined(separator: "; "))
    }
}

extension OutputForm: ExpressibleByArgument {}
