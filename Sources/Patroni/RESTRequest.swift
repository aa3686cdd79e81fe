import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One GET on a connection of its own: Patroni closes after each answer anyway, and behind a proxy, a connection kept for the next poll
/// may be found closed. Redirects are not followed, and nothing is tried again: the next poll is the retry.
struct RESTRequest: Sendable {
    let address: RESTAddress
    /// For an address with TLS.
    let tls: NIOSSLContext?
    /// The value of the header `Authorization`, if there is to be one.
    let authorization: String?

    /// The body of an answer with status 200: with any other, Patroni has nothing to tell at the addresses that are asked here.
    /// It has no deadline of its own; when its task is cancelled, it fails at once, and the connection is closed.
    func body(on group: any EventLoopGroup) async throws -> [UInt8] {
        let loop = group.any()
        let answer = loop.makePromise(of: [UInt8].self)
        // The task's deadline comes first; this only keeps an attempt from outliving it for long.
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(.seconds(60))
        // Lookups share few threads: an address must not wait behind a name whose lookup hangs.
        let connection = address.socketAddress.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: address.host, port: address.port)
        connection.flatMapThrowing { try send(on: $0, answer) }.whenFailure(answer.fail)
        answer.futureResult.whenComplete { _ in connection.whenSuccess { $0.close(promise: nil) } }
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    /// On the channel's own loop.
    private func send(on channel: any Channel, _ answer: EventLoopPromise<[UInt8]>) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(RESTAnswerHandler(answer))
        // It begins with the handshake at once, and what comes of that must find the others.
        if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: address.serverName), position: .first) }
        var headers: HTTPHeaders = [
            "Host": address.authority, "Accept": "application/json", "Connection": "close", "User-Agent": "pgwal_exporter",
        ]
        if let authorization { headers.add(name: "Authorization", value: authorization) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.path, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Gathers one answer's body. The first word on it counts; what comes after is ignored.
private final class RESTAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<[UInt8]>
    private var body: [UInt8] = []

    init(_ answer: EventLoopPromise<[UInt8]>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status.code == 401 { answer.fail(RequestFailure("HTTP status 401: it wants a name and password that it knows: see basic_auth")) }
            if head.status.code != 200 { answer.fail(RequestFailure("HTTP status \(head.status.code)")) }
        case .body(let part):
            guard body.count + part.readableBytes <= 1_048_576 else { return answer.fail(RequestFailure("the answer is longer than 1 MiB")) }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            answer.succeed(body)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(RequestFailure("the server closed the connection"))
        context.fireChannelInactive()
    }
}
