import ExporterConfiguration
import Logging
import MetricCatalog
import Monitoring
import Postgres
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads the configuration again, and has the fleet follow it. What is wrong with it is told, and then all stays as it was.
final class Reloader: Sendable {
    /// Of a file that is no configuration at all, the first lines say enough.
    private static let mostTold = 20

    private let source: ConfigurationSource
    private let listeners: Int
    private let fleet: Fleet
    private let logger: Logger
    private let last: Mutex<ExporterReport.Reload>

    /// - Parameters:
    ///   - listeners: how many sockets listen.
    ///   - start: when the configuration in force was read, Unix time.
    init(_ source: ConfigurationSource, listeners: Int, fleet: Fleet, start: Double, logger: Logger) {
        self.source = source
        self.listeners = listeners
        self.fleet = fleet
        self.logger = logger
        last = Mutex(ExporterReport.Reload(succeededAt: start))
    }

    /// How the configuration was read last.
    var report: ExporterReport.Reload { last.withLock(\.self) }

    /// One at a time.
    /// - Returns: what is wrong with the configuration, in lines; nil: it is in force.
    func reload() async -> String? {
        switch await load() {
        case .failure(let error):
            last.withLock { $0.isSuccessful = false }
            let lines = Self.told(error.lines)
            for line in lines { logger.error("the configuration is refused, the one before stays in force", metadata: ["error": "\(line)"]) }
            return (["The configuration is refused, the one before stays in force:"] + lines).joined(separator: "\n")
        case .success(let configuration):
            ConnectionOptions.tell(of: configuration, to: logger)
            let difference = await fleet.reload(configuration)
            last.withLock { $0 = ExporterReport.Reload(succeededAt: Self.now()) }
            logger.notice(
                "configuration reloaded",
                metadata: [
                    "configuration": "\(configuration.origin)", "added": "\(difference.added.count)", "removed": "\(difference.removed.count)",
                    "moved": "\(difference.moved.count)", "adapted": "\(difference.adapted.count)", "unchanged": "\(difference.unchanged.count)",
                ]
            )
            return nil
        }
    }

    /// Reads files on a thread of its own: a disk may hang.
    private func load() async -> Result<Configuration, ConfigurationError> {
        await withCheckedContinuation { continuation in
            let isStarted = BackgroundThread.start(name: "pgwal-reload") { [source, listeners] in
                continuation.resume(returning: Self.load(source, listeners))
            }
            if !isStarted {
                continuation.resume(returning: .failure(ConfigurationError("the system refuses another thread to read it")))
            }
        }
    }

    private static func load(_ source: ConfigurationSource, _ listeners: Int) -> Result<Configuration, ConfigurationError> {
        do throws(ConfigurationError) {
            let configuration = try source.load()
            let budget = DescriptorBudget(configuration, listeners: listeners)
            if let problem = budget.problem(under: DescriptorBudget.raisedLimit()) { throw ConfigurationError(problem) }
            return .success(configuration)
        } catch {
            return .failure(error)
        }
    }

    private static func told(_ lines: [String]) -> [String] {
        lines.count > mostTold ? lines.prefix(mostTold) + ["and \(lines.count - mostTold) more"] : lines
    }

    /// Unix time.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
