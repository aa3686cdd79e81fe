import ArgumentParser
import ExporterConfiguration
import Logging
import MetricCatalog
import MetricsServer
import Monitoring
import NIOCore
import NIOPosix
import Patroni
import Postgres
import ServiceLifecycle

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Serves metrics until SIGTERM or SIGINT.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
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

    @Option(
        name: .customLong("web.telemetry-path"),
        help: ArgumentHelp("Where the metrics are served. (default: /metrics)", valueName: "path"),
        transform: telemetryPath
    )
    var telemetryPath = TelemetryPath.metrics

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

    func run() throws {
        let configuration = try connection.load()
        let maximumConnections = try prepareProcess(for: configuration)
        let signals = ProcessSignals(holding: [SIGTERM, SIGINT])
        let logger = connection.logging.logger()
        logger.notice(
            "starting pgwal_exporter",
            metadata: ["version": "\(Version.number)", "targets": "\(configuration.targets.count)", "configuration": "\(configuration.origin)"]
        )
        ConnectionOptions.tell(of: configuration, to: logger)
        // One loop moves more pages than any server is scraped for, and each further one costs memory. It ends with the process: what
        // the framework still has to say on it must not find it gone.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let watchdog = Watchdog(Self.watched(loops), logger: logger)
        let patroni = configuration.patroni.isEmpty ? nil : PatroniConnections(group: loops)
        let fleet = Fleet(configuration, patroni: patroni, logger: logger)
        let server = MetricsService(
            fleet: fleet,
            address: address,
            telemetryPath: telemetryPath,
            deadline: ScrapeDeadline(limit: configuration.collection.timeout, offset: timeoutOffset),
            vitals: Vitals(build: Version.build, problem: { watchdog.problem }) {
                .init(logLinesDropped: Int64(LogQueue.standardError.dropped), loopStalls: Int64(watchdog.stalls))
            },
            maximumConnections: maximumConnections,
            on: loops,
            logger: logger
        )
        // One without a name is called by all that is in it: milliseconds of each start, and connection strings in the framework's log.
        let named: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: FleetService(fleet: fleet), serviceName: "fleet"),
            .init(service: server, serviceName: "server"),
        ]
        var services = ServiceGroupConfiguration(services: named, logger: quiet(logger))
        services.maximumGracefulShutdownDuration = configuration.collection.timeout + .seconds(4)
        let group = ServiceGroup(configuration: services)
        // Main's own priority is higher than the default, and each priority that is used has threads of its own.
        Task(priority: .medium) { ProcessEnd.now(await Self.serve(group, logger)) }
        Supervisor(signals: signals, watchdog: watchdog, gracePeriod: configuration.collection.timeout + .seconds(5), logger: logger) {
            Task(priority: .medium) { await group.triggerGracefulShutdown() }
        }.run()
    }

    /// - Returns: the status to exit with.
    private static func serve(_ group: ServiceGroup, _ logger: Logger) async -> Int32 {
        do {
            try await group.run()
        } catch {
            logger.critical("\(error)")
            return 1
        }
        logger.notice("stopped")
        return 0
    }

    /// Limits and the like, while there is but one thread; or an exit that says what the system does not give.
    /// - Returns: how many scrapers may be connected at once.
    private func prepareProcess(for configuration: Configuration) throws -> Int {
        ClientLibrary.limitMemoryArenas()
        // Whoever reads our log or an answer may go at any time.
        signal(SIGPIPE, SIG_IGN)
        let budget = DescriptorBudget(configuration)
        let descriptors = DescriptorBudget.raisedLimit()
        if let problem = budget.problem(under: descriptors) { throw refusal(problem) }
        let threads = ThreadProbe.available(upTo: ThreadProbe.needed)
        if threads < ThreadProbe.needed {
            throw refusal(
                "\(ThreadProbe.needed) threads are needed, and the system allows \(threads): raise the limit"
                    + " (ulimit -u, TasksMax= in systemd, a container's limit of pids)"
            )
        }
        StandardDescriptors.unblockStandardError()
        return budget.scrapers(under: descriptors)
    }

    private func refusal(_ reason: String) -> ExitCode {
        StandardError.write("pgwal_exporter: \(reason)\n")
        return .failure
    }

    private static func watched(_ loops: MultiThreadedEventLoopGroup) -> [Watchdog.Loop] {
        [
            .init(name: "the loop of the PostgreSQL connections") { answer in
                Task(executorPreference: LoopTaskExecutor.shared, priority: .medium) { answer() }
            },
            .init(name: "the loop of the HTTP server") { answer in loops.any().execute(answer) },
            .init(name: "the pool of tasks") { answer in Task(priority: .medium) { answer() } },
        ]
    }

    /// The lifecycle library tells every step at info.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func telemetryPath(_ text: String) throws -> TelemetryPath {
        do throws(TelemetryPath.Problem) {
            return try TelemetryPath(text)
        } catch {
            throw ValidationError("\(error).")
        }
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
    }
}
