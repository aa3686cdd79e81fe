import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An HTTP server on any number of sockets, all alike: serves until it is told to shut down, then finishes what it has begun.
package struct WebServer: Sendable {
    /// Where it listens.
    package enum Listeners: Sendable {
        case addresses([ListenAddress])
        /// Sockets that listen already.
        case inherited([Int32])

        package var count: Int {
            switch self {
            case .addresses(let addresses): addresses.count
            case .inherited(let descriptors): descriptors.count
            }
        }
    }

    private typealias Listener = NIOAsyncChannel<WebChannel.Value, Never>

    private let listeners: Listeners
    private let access: WebAccess?
    private let maximumConnections: Int
    private let limits: ConnectionLimits
    private let onQuiet: @Sendable () -> Void
    private let group: any EventLoopGroup
    private let logger: Logger

    /// - Parameters:
    ///   - access: nil: plain HTTP for everybody.
    ///   - maximumConnections: with one more, the one that has been longest without a complete request is closed.
    ///   - group: the threads that serve; one is plenty.
    ///   - onQuiet: hears that a crowd of clients has gone, and may give memory back.
    package init(
        listeners: Listeners,
        access: WebAccess?,
        maximumConnections: Int,
        limits: ConnectionLimits = ConnectionLimits(),
        on group: any EventLoopGroup,
        logger: Logger,
        onQuiet: @escaping @Sendable () -> Void = {}
    ) {
        self.onQuiet = onQuiet
        self.listeners = listeners
        self.access = access
        self.maximumConnections = maximumConnections
        self.limits = limits
        self.group = group
        self.logger = logger
    }

    /// Serves until the graceful shutdown of the task.
    /// - Parameter onListening: hears where it listens, when it listens everywhere.
    /// - Throws: ``ListenError`` when an address cannot be listened on; then none is.
    package func run(
        _ responder: some HTTPResponder<BasicRequestContext>,
        onListening: @Sendable ([SocketAddress?]) -> Void = { _ in }
    ) async throws {
        let channel = WebChannel(
            access: access,
            registry: ConnectionRegistry(limit: maximumConnections, onQuiet: onQuiet),
            limits: limits,
            responder: Self.responder(responder, logger: quiet)
        )
        let quiescing = (0..<listeners.count).map { _ in ServerQuiescingHelper(group: group) }
        let opened = try await open(channel, quiescing)
        for listener in opened { logger.notice("listening", metadata: ["address": "\(Self.name(of: listener.channel))"]) }
        onListening(opened.map(\.channel.localAddress))
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { tasks in
                for listener in opened { tasks.addTask { await serve(listener, channel) } }
            }
        } onGracefulShutdown: {
            for helper in quiescing { helper.initiateShutdown(promise: nil) }
        }
        if case .addresses(let addresses) = listeners {
            for case .unix(let path) in addresses { unlink(path) }
        }
    }

    private func serve(_ listener: Listener, _ channel: WebChannel) async {
        await withDiscardingTaskGroup { tasks in
            do {
                try await listener.executeThenClose { connections in
                    for try await connection in connections {
                        tasks.addTask { await channel.handle(value: connection, logger: quiet) }
                    }
                }
            } catch {
                logger.error("no more connections are accepted", metadata: ["error": "\(error)"])
            }
        }
    }

    private func open(_ channel: WebChannel, _ quiescing: [ServerQuiescingHelper]) async throws -> [Listener] {
        var opened: [Listener] = []
        do {
            switch listeners {
            case .addresses(let addresses):
                for (address, helper) in zip(addresses, quiescing) {
                    opened.append(try await Self.bind(bootstrap(helper), to: address, channel, quiet))
                }
            case .inherited(let descriptors):
                for (descriptor, helper) in zip(descriptors, quiescing) {
                    opened.append(try await bootstrap(helper).bind(descriptor) { [quiet] in channel.setup(channel: $0, logger: quiet) })
                }
            }
        } catch {
            for listener in opened { try? await listener.channel.close() }  // The process ends.
            throw error
        }
        return opened
    }

    private func bootstrap(_ quiescing: ServerQuiescingHelper) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // What the system keeps for a client that does not read.
            .childChannelOption(.socketOption(.so_sndbuf), value: 256 * 1024)
            .serverChannelInitializer { [logger] server in
                server.eventLoop.makeCompletedFuture {
                    // The first to hear of an error, and the only one that must.
                    try server.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                    try server.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: server))
                }
            }
    }

    private static func bind(
        _ bootstrap: ServerBootstrap,
        to address: ListenAddress,
        _ channel: WebChannel,
        _ logger: Logger
    ) async throws -> Listener {
        do {
            switch address {
            case .tcp(let host, let port):
                return try await bootstrap.bind(host: ListenAddress.bindHost(host), port: port) { channel.setup(channel: $0, logger: logger) }
            case .unix(let path):
                return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) {
                    channel.setup(channel: $0, logger: logger)
                }
            }
        } catch {
            throw ListenError(address: address, reason: "\(error)")
        }
    }

    private static func name(of channel: any Channel) -> String {
        channel.localAddress.map { $0.pathname.map { "unix:\($0)" } ?? "\($0)" } ?? "unknown"
    }

    private static func responder(
        _ responder: some HTTPResponder<BasicRequestContext>,
        logger: Logger
    ) -> HTTPChannelHandler.Responder {
        let date = HTTPDate()
        return { request, writer, channel in
            var response: Response
            do {
                let context = BasicRequestContext(source: .init(channel: channel, logger: logger))
                response = try await responder.respond(to: request, context: context)
            } catch {
                logger.error("a request failed", metadata: ["error": "\(error)"])
                response = Response(status: .internalServerError)
            }
            AnswerHeaders.add(to: &response.headers, configured: [])
            response.headers[.date] = date.now
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// The framework tells each connection's end at debug.
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
