import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server in this process, on a free port of 127.0.0.1. As Patroni's, it speaks HTTP/1.0, tells no
/// length and closes after each answer.
final class TestServer: Sendable {
    /// What it does with a request.
    enum Reply: Sendable {
        case body(String, status: Int = 200)
        case redirect(to: String)
        /// A text for people, with what came in the header `Authorization`.
        case echo(status: Int)
        /// More than a megabyte.
        case hugeBody
        /// Nothing at all.
        case silence
        /// A part of a body, and no end.
        case halfBody
    }

    private let channel: any Channel
    private let log: Log

    private init(channel: any Channel, log: Log) {
        self.channel = channel
        self.log = log
    }

    private final class Log: Sendable {
        let paths = Mutex<[String]>([])
        let authorizations = Mutex<[String?]>([])
    }

    static func start(tls: NIOSSLContext? = nil, _ reply: @escaping @Sendable (String) -> Reply) async throws -> TestServer {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Responder { head in
                            log.paths.withLock { $0.append(head.uri) }
                            log.authorizations.withLock { $0.append(head.headers.first(name: "Authorization")) }
                            return reply(head.uri)
                        }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TestServer(channel: channel, log: log)
    }

    func stop() async throws {
        try await channel.close()
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }
    /// The paths that were asked for.
    var requests: [String] { log.paths.withLock { $0 } }
    /// The header `Authorization` of each request.
    var authorizations: [String?] { log.authorizations.withLock { $0 } }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let reply: @Sendable (HTTPRequestHead) -> TestServer.Reply

    init(_ reply: @escaping @Sendable (HTTPRequestHead) -> TestServer.Reply) {
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        switch reply(head) {
        case .body(let text, let status): write(text, status, to: context)
        case .redirect(let location): write("", 302, ["Location": location], to: context)
        case .echo(let status):
            let text = "refused: \(head.headers.first(name: "Authorization") ?? "nobody")\n"
            write(text, status, ["Content-Type": "text/plain; charset=utf-8"], to: context)
        case .hugeBody: write(String(repeating: " ", count: 1_048_577) + "{}", 200, to: context)
        case .silence: break
        case .halfBody:
            send(.head(HTTPResponseHead(version: .http1_0, status: .ok)), to: context)
            send(.body(.byteBuffer(ByteBuffer(string: "{\"members\": ["))), to: context)
            context.flush()
        }
    }

    private func write(_ text: String, _ status: Int, _ headers: HTTPHeaders = [:], to context: ChannelHandlerContext) {
        send(.head(HTTPResponseHead(version: .http1_0, status: HTTPResponseStatus(statusCode: status), headers: headers)), to: context)
        send(.body(.byteBuffer(ByteBuffer(string: text))), to: context)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    private func send(_ part: HTTPServerResponsePart, to context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(part), promise: nil)
    }
}
