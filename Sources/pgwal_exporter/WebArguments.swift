import ArgumentParser
import Logging
import MetricsServer
import Postgres
import WebServer

/// The options of the web server, named as in other exporters.
struct WebArguments: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp(
            "Where to listen, without a host on all interfaces; or unix:/path. Can be given several times. (default: PGWAL_WEB_LISTEN_ADDRESS, :10195)",
            valueName: "[host]:port"
        ),
        transform: listenAddress
    )
    var addresses: [ListenAddress] = []

    @Flag(name: .customLong("web.systemd-socket"), help: "Listen on the sockets that systemd hands over, instead of addresses (Linux only).")
    var usesSystemdSockets = false

    @Option(
        name: .customLong("web.config.file"),
        help: ArgumentHelp(
            """
            A file that turns on TLS, passwords and more, in the format of Prometheus' exporter-toolkit: docs/web.md. \
            (default: PGWAL_WEB_CONFIG_FILE)
            """,
            valueName: "path"
        )
    )
    var configFile: String?

    @Option(
        name: .customLong("web.telemetry-path"),
        help: ArgumentHelp("Where the metrics are served. (default: /metrics)", valueName: "path"),
        transform: telemetryPath
    )
    var telemetryPath = TelemetryPath.metrics

    @Option(
        name: .customLong("web.external-url"),
        help: ArgumentHelp("The URL under which Prometheus reaches this exporter, for /sd. (default: the Host of the request)", valueName: "url"),
        transform: externalURL
    )
    var external: ExternalAddress?

    @Option(name: .customLong("web.max-requests"), help: ArgumentHelp("Most scrapes at once; 0: no limit.", valueName: "number"))
    var maximumRequests = 40

    @Flag(name: .customLong("web.disable-exporter-metrics"), help: "Leave out the metrics of the exporter's own process (process_*).")
    var disablesExporterMetrics = false

    func validate() throws {
        guard maximumRequests >= 0 else { throw ValidationError("--web.max-requests: expected 0 or more.") }
        guard configFile != "" else { throw ValidationError("--web.config.file: expected the path of a file.") }
    }

    /// Where to listen, or an exit that says why systemd's sockets cannot be used.
    func listeners() throws -> WebServer.Listeners {
        guard usesSystemdSockets else { return .addresses(try WebEnvironment.addresses(orElse: addresses)) }
        do throws(SystemdSockets.Failure) {
            return .inherited(try SystemdSockets.take())
        } catch {
            throw refusal(["--web.systemd-socket: \(error)"])
        }
    }

    /// What the file of `--web.config.file` says, or an exit that names everything wrong with it.
    func access(logger: Logger) throws -> WebAccess? {
        guard let configFile = configFile ?? WebEnvironment.configFile else { return nil }
        do throws(WebConfigurationError) {
            return try WebAccess(file: configFile, logger: logger)
        } catch {
            throw refusal(error.lines)
        }
    }

    func options(listeners: WebServer.Listeners, access: WebAccess?, maximumConnections: Int) -> WebOptions {
        var options = WebOptions(
            listeners: listeners,
            access: access,
            telemetryPath: telemetryPath,
            external: external,
            maximumRequests: maximumRequests,
            maximumConnections: maximumConnections
        )
        options.onQuiet = { ClientLibrary.trimMemory() }
        return options
    }

    private func refusal(_ lines: [String]) -> ExitCode {
        StandardError.write(lines.map { "pgwal_exporter: \($0)\n" }.joined())
        return .failure
    }

    static func listenAddress(_ text: String) throws -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw ValidationError(
                "'\(text)' is no address to listen on: expected [host]:port, for example :10195, 127.0.0.1:10195 or [::1]:10195, or unix:/path."
            )
        }
        return address
    }

    private static func telemetryPath(_ text: String) throws -> TelemetryPath {
        do throws(TelemetryPath.Problem) {
            return try TelemetryPath(text)
        } catch {
            throw ValidationError("\(error).")
        }
    }

    private static func externalURL(_ text: String) throws -> ExternalAddress {
        guard let address = ExternalAddress(url: text) else {
            throw ValidationError("--web.external-url: expected a URL such as http://exporter.example:10195 or https://proxy.example/pgwal.")
        }
        return address
    }
}
