import ExporterConfiguration
import Judgement
import Logging
import Monitoring
import NIOPosix
import Patroni
import Terminal

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One look, or a few, at all servers of a configuration, for commands that end with what they saw.
struct OneLook: Sendable {
    let fleet: Fleet
    private let configuration: Configuration

    /// - Parameter tells: the command tells itself what is down; the log need not.
    init(_ configuration: Configuration, _ logger: Logger, tells: Bool) {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, tells ? .error : .warning)
        let patroni = configuration.patroni.isEmpty ? nil : PatroniConnections(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
        fleet = Fleet(configuration, patroni: patroni, logger: quiet)
        self.configuration = configuration
    }

    /// All that is known now.
    func view() async -> FleetView {
        await fleet.view(until: .now + configuration.collection.timeout + .seconds(1))
    }

    /// Runs a command's work and ends the process with its status. The work's output goes to standard output whatever it takes.
    static func run(_ connection: ConnectionOptions, tells: Bool = true, _ work: @escaping @Sendable (OneLook) async -> Int32) throws -> Never {
        let configuration = try connection.load()
        let logger = connection.logging.logger()
        ConnectionOptions.tell(of: configuration, to: logger)
        Task(priority: .medium) {
            let look = OneLook(configuration, logger, tells: tells)
            let status = await work(look)
            await look.fleet.stop()
            ProcessEnd.now(status)
        }
        while true { pause() }
    }
}

extension TerminalStyle {
    /// Colour and width of standard output: none where nobody looks, or `NO_COLOR` is set.
    static var ofStandardOutput: TerminalStyle {
        guard isatty(STDOUT_FILENO) == 1 else { return .plain }
        var size = winsize()
        let columns = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
        let hasColour = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
        return TerminalStyle(hasColour: hasColour && getenv("TERM").map { String(cString: $0) != "dumb" } ?? true, width: columns)
    }
}

/// What a command prints.
enum OutputForm: String, CaseIterable {
    case text, json
}
