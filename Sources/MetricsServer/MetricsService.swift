package import Logging
package import Monitoring
package import NIOCore
import Hummingbird
import ServiceLifecycle
package import WebServer

/// How the metrics are served.
package struct WebOptions: Sendable {
    /// Where to listen.
    package var listeners: WebServer.Listeners
    /// nil: plain HTTP for everybody.
    package var access: WebAccess?
    /// Where the metrics are.
    package var telemetryPath: TelemetryPath
    /// For `/sd`; nil: what the request's Host says.
    package var external: ExternalAddress?
    /// Scrapes at once; 0: no limit.
    package var maximumRequests: Int
    /// More make the most idle one go.
    package var maximumConnections: Int
    /// Called when a crowd of clients has gone: to give memory back.
    package var onQuiet: @Sendable () -> Void = {}

    package init(
        listeners: WebServer.Listeners,
        access: WebAccess? = nil,
        telemetryPath: TelemetryPath,
        external: ExternalAddress? = nil,
        maximumRequests: Int,
        maximumConnections: Int
    ) {
        self.listeners = listeners
        self.access = access
        self.telemetryPath = telemetryPath
        self.external = external
        self.maximumRequests = maximumRequests
        self.maximumConnections = maximumConnections
    }
}

/// The HTTP server: serves until it is told to shut down, then finishes what it has begun.
package struct MetricsService: Service {
    private let routes: Routes
    private let server: WebServer
    private let onListening: @Sendable () -> Void

    /// - Parameters:
    ///   - timeoutOffset: subtracted from the scraper's timeout.
    ///   - vitals: what the process knows of itself.
    ///   - reload: nil where reloading over HTTP is not enabled.
    ///   - group: the threads that serve; one is plenty.
    ///   - onListening: hears that it listens everywhere. Must not wait for anything.
    package init(
        fleet: Fleet,
        web: WebOptions,
        timeoutOffset: Duration,
        vitals: Vitals,
        reload: ReloadConfiguration?,
        on group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.onListening = onListening
        routes = Routes(fleet: fleet, web: web, timeoutOffset: timeoutOffset, vitals: vitals, reload: reload, on: group)
        server = WebServer(
            listeners: web.listeners,
            access: web.access,
            maximumConnections: web.maximumConnections,
            on: group,
            logger: logger,
            onQuiet: web.onQuiet
        )
    }

    package func run() async throws {
        try await server.run(routes.router().buildResponder()) { [onListening] _ in onListening() }
    }
}
