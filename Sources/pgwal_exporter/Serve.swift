import ArgumentParser
import ExporterConfiguration
import Judgement
import Logging
import MetricCatalog
import MetricsServer
import Memory
import Monitoring
import NIOCore
import NIOPosix
import Patroni
import Postgres
import ServiceLifecycle
import WebServer

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Serves metrics until it is told to stop.
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
            /api/v1/events         what changed at the targets, as JSON; takes since=, target=, kind= and limit=
            /-/healthy, /-/ready   for orchestration
            /-/reload              POST or PUT: reads the configuration again; with --web.enable-lifecycle

            SIGHUP reads the configuration again: targets that stay keep their connections and all that is remembered of them. One that \
            is wrong is told in the log and by pgwal_config_last_reload_successful, and the one before stays in force.
            SIGTERM and SIGINT stop it, with status 0, after the requests under way have been answered; a second one ends it at once.
            """
    )

    @OptionGroup
    var web: WebArguments

    @Flag(name: .customLong("web.enable-lifecycle"), help: "Let POST and PUT to /-/reload read the configuration again, as SIGHUP does.")
    var enablesLifecycle = false

    @Option(
        name: .customLong("timeout-offset"),
        help: ArgumentHelp(
            "Subtracted from the scraper's timeout (X-Prometheus-Scrape-Timeout-Seconds), so that the answer arrives in time. (default: 500ms)",
            valueName: "duration"
        ),
        transform: offset
    )
    var timeoutOffset = Duration.milliseconds(500)

    @Option(
        name: .customLong("state.file"),
        help: ArgumentHelp(
            "File that keeps what has to outlive the process: ages, rates, what was proven, events; or none. (default: state.file of the configuration, "
                + "else 'state' in systemd's $STATE_DIRECTORY, else none)",
            valueName: "path"
        )
    )
    var stateFile: String?

    /// How long `/-/reload` waits: files are read in milliseconds, unless a disk hangs.
    private static let reloadLimit = Duration.seconds(20)
    /// A start waits no longer than this for servers that do not answer.
    private static let firstPageLimit = Duration.seconds(15)
    private static let reloadGoesOn =
        "The reload takes longer than \(reloadLimit.components.seconds) s, and goes on; the log will tell what comes of it."

    @OptionGroup
    var connection: ConnectionOptions

    func run() throws {
        // One that comes too early shall not end the process; those that are to end it may, until there is something to be ended well.
        _ = ProcessSignals(holding: ProcessSignals.harmless)
        let configuration = try connection.load()
        let readAt = Reloader.now()
        let manager = ServiceManager()
        let listeners = try web.listeners()
        let maximumConnections = try prepareProcess(for: configuration, listeners: listeners)
        let signals = ProcessSignals(holding: ProcessSignals.harmless + ProcessSignals.ending)
        let logger = connection.logging.logger()
        let access = try web.access(logger: logger)
        logger.notice(
            "starting pgwal_exporter",
            metadata: ["version": "\(Version.number)", "targets": "\(configuration.targets.count)", "configuration": "\(configuration.origin)"]
        )
        ConnectionOptions.tell(of: configuration, to: logger)
        // One loop moves more pages than any server is scraped for, and each further one costs memory. It ends with the process: what
        // the framework still has to say on it must not find it gone.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let watchdog = Watchdog(Self.watched(loops), logger: logger)
        let keeper = StatePath.chosen(flag: stateFile, configuration).map { StateKeeper(path: $0, logger: logger) }
        let fleet = Fleet(configuration, patroni: PatroniConnections(group: loops), remembered: keeper?.load(), logger: logger)
        let reloader = Reloader(connection.source, listeners: listeners.count, fleet: fleet, start: readAt, logger: logger)
        let reloads = ReloadQueue {
            manager?.reloading()
            defer { manager?.reloaded() }
            return await reloader.reload()
        }
        let reload: ReloadConfiguration = {
            // A caller for each connection that there may be would leave none for scrapes.
            guard let problem = await reloads.outcome(within: Self.reloadLimit) else { return Self.reloadGoesOn }
            return problem
        }
        let server = MetricsService(
            fleet: fleet,
            web: web.options(listeners: listeners, access: access, maximumConnections: maximumConnections),
            timeoutOffset: timeoutOffset,
            vitals: Vitals(
                build: Version.build,
                problem: { watchdog.problem },
                tellsProcess: !web.disablesExporterMetrics,
                counters: { .init(logLinesDropped: Int64(LogQueue.standardError.dropped), loopStalls: Int64(watchdog.stalls)) },
                reload: { reloader.report },
                state: { keeper?.report }
            ),
            reload: enablesLifecycle ? reload : nil,
            on: loops,
            logger: logger,
            onListening: { if let manager { Self.announce(fleet, to: manager) } }
        )
        // One without a name is called by all that is in it: milliseconds of each start, and connection strings in the framework's log.
        let named: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: FleetService(fleet: fleet, keeper: keeper), serviceName: "fleet"),
            .init(service: server, serviceName: "server"),
        ]
        var services = ServiceGroupConfiguration(services: named, logger: quiet(logger))
        services.maximumGracefulShutdownDuration = configuration.collection.timeout + .seconds(4)
        let group = ServiceGroup(configuration: services)
        // Main's own priority is higher than the default, and each priority that is used has threads of its own.
        Task(priority: .medium) { ProcessEnd.now(await Self.serve(group, logger)) }
        Supervisor(
            signals: signals,
            watchdog: watchdog,
            manager: manager,
            status: { Self.status(fleet, reloader, watchdog) },
            gracePeriod: { fleet.collectionTimeout + .seconds(5) },
            logger: logger,
            reload: { reloads.request() },
            stop: { Task(priority: .medium) { await group.triggerGracefulShutdown() } }
        ).run()
    }

    /// Says that all is ready when every target has been asked once, or has had the time for it: the first page is a whole one.
    private static func announce(_ fleet: Fleet, to manager: ServiceManager) {
        Task(priority: .medium) {
            _ = await fleet.onItsThread { await fleet.reports(until: .now + min(fleet.collectionTimeout, firstPageLimit)) }
            manager.ready()
        }
    }

    /// One line for whoever asks the service manager.
    private static func status(_ fleet: Fleet, _ reloader: Reloader, _ watchdog: Watchdog) -> String {
        let refusal = reloader.report.isSuccessful ? nil : "the last configuration was refused"
        return ["\(fleet.count)", refusal, watchdog.problem].compactMap(\.self).joined(separator: "; ")
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
    private func prepareProcess(for configuration: Configuration, listeners: WebServer.Listeners) throws -> Int {
        ClientLibrary.limitMemoryArenas()
        // Whoever reads our log or an answer may go at any time.
        signal(SIGPIPE, SIG_IGN)
        let budget = DescriptorBudget(configuration, listeners: listeners.count)
        let descriptors = DescriptorBudget.raisedLimit()
        if let problem = budget.problem(under: descriptors) { throw refusal(problem) }
        let needed = ThreadProbe.needed + ((web.configFile ?? WebEnvironment.configFile) == nil ? 0 : WebAccess.threads)
        let threads = ThreadProbe.available(upTo: needed)
        if threads < needed {
            throw refusal(
                "\(needed) threads are needed, and the system allows \(threads): raise the limit"
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
    /// nil: nothing is kept.
    let keeper: StateKeeper?

    /// After the start itself, after the first connections and pages, and when all has been seen once.
    private static let settling: [Duration] = [.milliseconds(100), .seconds(5), .seconds(60)]

    func run() async throws {
        fleet.note(.exporterStarted, "pgwal_exporter \(Version.number) has started.")
        await fleet.start()
        keeper?.begin(fleet)
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
        fleet.note(.exporterStopped, "pgwal_exporter \(Version.number) has stopped.")
        await keeper?.end(fleet)
    }
}
