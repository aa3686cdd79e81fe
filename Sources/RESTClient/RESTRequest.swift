import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One GET on a connection of its own: Patroni closes after each answer anyway, and behind a proxy, a connection kept for the next poll
/// may be found closed. Redirects are not followed, and nothing is tried again: the next request is the retry.
struct RESTRequest: Sendable {
    let address: RESTAddress
    /// For an address with TLS.
    let tls: NIOSSLContext?
    /// The value of the header `Authorization`, if there is to be one.
    let authorization: String?
    /// Bytes that an answer may have.
    let limit: Int
    /// Of an answer that is a refusal, its first line is told.
    let quotesRefusals: Bool

    /// The body of an answer with status 200. With any other the first line of a text tells why, if that is wanted.
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
        try pipeline.addHandler(RESTAnswerHandler(answer, limit: limit, quotesRefusals: quotesRefusals))
        // It begins with the handshake at once, and what comes of that must find the others.
        if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: address.serverName), position: .first) }
        var headers: HTTPHeaders = [
            "Host": address.authority, "Accept": "application/json, text/plain", "Connection": "close", "User-Agent": "pgwal_exporter",
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
    private let limit: Int
    private let quotesRefusals: Bool
    private var body: [UInt8] = []
    /// Of an answer that is not the one asked for, and says why.
    private var refusal: HTTPResponseStatus?
    private static let longestReason = 300

    init(_ answer: EventLoopPromise<[UInt8]>, limit: Int, quotesRefusals: Bool) {
        self.answer = answer
        self.limit = limit
        self.quotesRefusals = quotesRefusals
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status.code == 401 { answer.fail(RESTFailure("HTTP status 401: it wants a name and password that it knows")) }
            guard head.status.code != 200 else { break }
            guard quotesRefusals, head.headers.first(name: "Content-Type")?.hasPrefix("text/plain") == true else {
                return answer.fail(RESTFailure("HTTP status \(head.status.code)"))
            }
            refusal = head.status
        case .body(let part):
            if refusal != nil {
                body.append(contentsOf: part.readableBytesView.prefix(max(Self.longestReason - body.count, 0)))
                break
            }
            guard body.count + part.readableBytes <= limit else {
                return answer.fail(RESTFailure("the answer is longer than \(limit / 1_048_576) MiB"))
            }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            if let refusal { answer.fail(RESTFailure(Self.words(refusal, body))) }
            answer.succeed(body)
        }
    }

    /// What stands in the answer may be a stranger's: of it, one line of what can be read.
    private static func words(_ status: HTTPResponseStatus, _ body: [UInt8]) -> String {
        let line = String(decoding: body.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let reason = String(String.UnicodeScalarView(line.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? $0 : "?" }))
        return reason.isEmpty ? "HTTP status \(status.code)" : "HTTP status \(status.code): \(reason)"
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(RESTFailure("the server closed the connection"))
        context.fireChannelInactive()
    }
}
