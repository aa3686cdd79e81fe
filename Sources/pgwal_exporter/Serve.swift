import ArgumentParser
import ExporterConfiguration
import Logging
import MetricsServer
import Monitoring
import NIOPosix
import Patroni
import Postgres
import ServiceLifecycle
import UnixSignals

/// Serves metrics until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve metrics over HTTP (the default).",
        discussion: """
            /metrics               all targets, and the exporter itself
            /probe?target=NAME     one configured target
            /                      what is wrong, and the state of the targets
            /sd                    the targets for Prometheus's http_sd, ready for /probe
            /role/primary?target=NAME, /role/standby?target=NAME&max_lag=10s
                                   200 or 503, for HAProxy, keepalived and the like
            /api/v1/topology       servers, who streams from whom, and findings, as JSON
            /-/healthy, /-/ready   for orchestration

            Exits with status 0 on SIGTERM and SIGINT, after the requests under way have been answered.
            """
    )

    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Where to listen; without a host on all interfaces.", valueName: "[host]:port"),
        transform: listenAddress
    )
    var address = ListenAddress(":10195")!

    @Option(name: .customLong("web.telemetry-path"), help: ArgumentHelp("Where the metrics are served.", valueName: "path"))
    var telemetryPath = "/metrics"

    @Option(
        name: .customLong("timeout-offset"),
        help: ArgumentHelp(
            "Subtracted from the scraper's timeout (X-Prometheus-Scrape-Timeout-Seconds), so that the answer arrives in time. (default: 500ms)",
            valueName: "duration"
        ),
        transform: offset
    )
    var timeoutOffset = Duration.milliseconds(500)

    @OptionGroup
    var connection: ConnectionOptions

    func validate() throws {
        let reserved = ["/"] + MetricsService.fixedPaths
        let isPlain = telemetryPath.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#%{}:*\"".utf8.contains($0) }
        guard telemetryPath.hasPrefix("/"), isPlain, !reserved.contains(telemetryPath) else {
            throw ValidationError("--web.telemetry-path must be a path such as /metrics, and none of \(reserved.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        ClientLibrary.limitMemoryArenas()
        let configuration = try connection.load()
        let logger = connection.logging.logger()
        logger.notice(
            "starting pgwal_exporter",
            metadata: ["version": "\(Version.number)", "targets": "\(configuration.targets.count)", "configuration": "\(configuration.origin)"]
        )
        // One loop moves more pages than any server is scraped for, and each further one costs memory. It ends with the process: what
        // the framework still has to say on it must not find it gone.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let patroni = configuration.patroni.isEmpty ? nil : PatroniConnections(group: loops)
        let fleet = Fleet(configuration, patroni: patroni, logger: logger)
        let server = MetricsService(
            fleet: fleet,
            address: address,
            telemetryPath: telemetryPath,
            deadline: ScrapeDeadline(limit: configuration.collection.timeout, offset: timeoutOffset),
            build: Version.build,
            on: loops,
            logger: logger
        )
        var services = ServiceGroupConfiguration(
            services: [FleetService(fleet: fleet, patroni: patroni), server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet(logger)
        )
        services.maximumGracefulShutdownDuration = configuration.collection.timeout + .seconds(5)
        do {
            try await ServiceGroup(configuration: services).run()
        } catch let error as ListenError {
            logger.critical("\(error)")
            throw ExitCode.failure
        }
        logger.notice("stopped")
    }

    /// The lifecycle library tells every step at info.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func listenAddress(_ text: String) throws -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw ValidationError("'\(text)' is no address to listen on: expected [host]:port, for example :10195, 127.0.0.1:10195 or [::1]:10195.")
        }
        return address
    }

    private static func offset(_ text: String) throws -> Duration {
        do throws(ConfigurationError) {
            return try Overrides.duration(text)
        } catch {
            throw ValidationError(error.lines.joined(separator: "; "))
        }
    }
}

/// Keeps the connections while the server serves, and closes them after it.
private struct FleetService: Service {
    let fleet: Fleet
    let patroni: PatroniConnections?

    /// After the start itself, after the first connections and pages, and when all has been seen once.
    private static let settling: [Duration] = [.milliseconds(100), .seconds(5), .seconds(60)]

    func run() async throws {
        await fleet.start()
        let settled = Task {
            for delay in Self.settling {
                // A sleep throws only when it is cancelled: the exporter stops.
                guard (try? await Task.sleep(for: delay)) != nil else { return }
                StartupPages.release()
            }
        }
        try? await gracefulShutdown()
        settled.cancel()
        await fleet.stop()
        // The process ends: a client that is closed already is no concern any more.
        try? await patroni?.shutdown()
    }
}
