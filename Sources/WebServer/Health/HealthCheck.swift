package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One question to a listening exporter: is it healthy? As whoever watches a container asks it, with what the exporter's own files say.
package struct HealthCheck: Sendable {
    /// What came of it.
    package enum Outcome: Sendable, Hashable {
        /// It says so itself, in these words; or it answers, but tells this client no more.
        case healthy(String)
        /// Why not. Never holds a secret.
        case unhealthy(String)
    }

    /// A name and password for the exporter.
    package struct Login: Sendable {
        let name: String
        let password: String

        package init(name: String, password: String) {
            self.name = name
            self.password = password
        }
    }

    private static let path = "/-/healthy"

    private let address: ListenAddress
    private let tls: HealthTLS?
    private let login: Login?

    /// - Parameters:
    ///   - address: where the exporter listens; all interfaces are asked on the loopback one.
    ///   - tls: nil: plain HTTP.
    package init(address: ListenAddress, tls: HealthTLS?, login: Login?) {
        self.address = address
        self.tls = tls
        self.login = login
    }

    /// Asks once.
    /// - Parameter limit: for all of it; later it is unhealthy.
    package func outcome(within limit: TimeAmount, on group: any EventLoopGroup) -> EventLoopFuture<Outcome> {
        let loop = group.any()
        let answer = loop.makePromise(of: Outcome.self)
        let bootstrap = ClientBootstrap(group: loop)
        let connection =
            switch address {
            case .tcp(let host, let port): bootstrap.connect(host: Self.reachable(host), port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        let deadline = loop.scheduleTask(in: limit) { answer.succeed(.unhealthy("no answer within \(limit.nanoseconds / 1_000_000) ms")) }
        connection.flatMapThrowing { try send(on: $0, answer) }.whenFailure { _ in answer.succeed(.unhealthy("\(address) cannot be reached")) }
        answer.futureResult.whenComplete { _ in
            deadline.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        return answer.futureResult
    }

    /// Where something that listens on all interfaces is found.
    static func reachable(_ host: String?) -> String {
        switch host {
        case nil, "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        case let host?: host
        }
    }

    /// On the channel's own loop.
    private func send(on channel: any Channel, _ answer: EventLoopPromise<Outcome>) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(HealthAnswerHandler(answer, hasLogin: login != nil))
        if let tls { try pipeline.addHandler(try tls.handler(), position: .first) }
        var headers: HTTPHeaders = ["Host": "localhost", "Connection": "close", "User-Agent": "pgwal_exporter health"]
        if let login { headers.add(name: "Authorization", value: "Basic " + Data("\(login.name):\(login.password)".utf8).base64EncodedString()) }
        channel.write(HTTPClientRequestPart.head(.init(version: .http1_1, method: .GET, uri: Self.path, headers: headers)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Makes an outcome of the first answer.
private final class HealthAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private static let longest = 2048

    private let answer: EventLoopPromise<HealthCheck.Outcome>
    private let hasLogin: Bool
    private var status = 0
    private var text: [UInt8] = []

    init(_ answer: EventLoopPromise<HealthCheck.Outcome>, hasLogin: Bool) {
        self.answer = answer
        self.hasLogin = hasLogin
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part): text += part.readableBytesView.prefix(Self.longest - text.count)
        case .end: answer.succeed(outcome)
        }
    }

    private var outcome: HealthCheck.Outcome {
        let text = String(decoding: text, as: UTF8.self)
        let said = text.last == "\n" ? String(text.dropLast()) : text
        return switch status {
        case 200: .healthy(said)
        case 401 where !hasLogin: .healthy("it answers; whether it is healthy it tells only with a user: see --username")
        case 401: .unhealthy("it does not know this user and password")
        case 429: .healthy("it answers; its rate_limit leaves no more requests just now")
        default: .unhealthy("status \(status): \(said)")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.succeed(HealthTLS.outcome(of: error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(.unhealthy("it closed the connection without an answer"))
        context.fireChannelInactive()
    }
}
