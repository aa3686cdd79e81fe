import Hummingbird
import HummingbirdCore
package import Logging
package import Monitoring
package import NIOCore
import ServiceLifecycle

/// The HTTP server: serves until it is told to shut down, then finishes what it has begun.
package struct MetricsService: Service {
    private let routes: Routes
    private let address: ListenAddress
    private let maximumConnections: Int
    private let group: any EventLoopGroup
    private let logger: Logger

    /// - Parameters:
    ///   - telemetryPath: where the metrics are.
    ///   - timeoutOffset: subtracted from the scraper's timeout.
    ///   - vitals: what the process knows of itself.
    ///   - reload: nil where reloading over HTTP is not enabled.
    ///   - maximumConnections: more have to wait until one is closed.
    ///   - group: the threads that serve; one is plenty.
    package init(
        fleet: Fleet,
        address: ListenAddress,
        telemetryPath: TelemetryPath,
        timeoutOffset: Duration,
        vitals: Vitals,
        reload: ReloadConfiguration?,
        maximumConnections: Int,
        on group: any EventLoopGroup,
        logger: Logger
    ) {
        self.routes = Routes(fleet: fleet, telemetryPath: telemetryPath.text, timeoutOffset: timeoutOffset, vitals: vitals, reload: reload)
        self.address = address
        self.maximumConnections = maximumConnections
        self.group = group
        self.logger = logger
    }

    package func run() async throws {
        let application = Application(
            router: routes.router(),
            server: HTTPServerBuilder { responder in
                HTTP10Channel(base: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(90))))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.bindHost, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(maximumConnections)
            ),
            onServerRunning: { [logger] channel in
                // It is the first to hear of an error, and the only one that must. It is refused by a closed channel only, which accepts nothing.
                try? await channel.pipeline.addHandler(AcceptPause(logger: logger), position: .first)
                logger.notice("listening", metadata: ["address": "\(channel.localAddress.map { "\($0)" } ?? "unknown")"])
            },
            eventLoopGroupProvider: .shared(group),
            logger: quiet
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(address: address, reason: error.description)
        }
    }

    /// The framework's own "server started" says less than ours.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}

/// The address cannot be listened on.
package struct ListenError: Error, CustomStringConvertible {
    let address: ListenAddress
    let reason: String

    package var description: String { "cannot listen on \(address): \(reason)" }
}
