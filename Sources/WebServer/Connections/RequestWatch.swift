import NIOCore
import NIOHTTP1

/// Watches over the requests of a connection: their time, their size, and that each is a proper one. Sits between HTTP's own parts and
/// whatever makes answers.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Between requests, or in a header.
        case waiting
        case inBody(bytes: Int)
        /// The request is complete.
        case answering
        /// Nothing more is taken from this client.
        case ended
    }

    private let limits: ConnectionLimits
    private let gate: RequestGate
    private let registry: ConnectionRegistry
    private let number: Int
    private let clock: ConnectionClock
    private var state = State.waiting
    private var isFinal = false
    private var isAnswerBegun = false

    init(limits: ConnectionLimits, gate: RequestGate, registry: ConnectionRegistry, number: Int, clock: ConnectionClock) {
        self.limits = limits
        self.gate = gate
        self.registry = registry
        self.number = number
        self.clock = clock
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(var head), .waiting):
            if let refusal = Refusal(of: head, limits) { return refuse(refusal, context) }
            // The framework closes after an answer only by this word.
            if !head.isOfHTTP11 || !head.isKeepAlive {
                isFinal = true
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            state = .inBody(bytes: 0)
            gate.isInBody = true
            clock.allow(limits.body)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case (.body(let bytes), .inBody(let before)):
            state = .inBody(bytes: before + bytes.readableBytes)
            guard before + bytes.readableBytes <= limits.bodySize else {
                return isAnswerBegun ? context.close(promise: nil) : refuse(.bodyTooLarge, context)
            }
            context.fireChannelRead(data)
        case (.end, .inBody):
            state = .answering
            gate.isInBody = false
            gate.close()
            clock.stop()
            registry.noteRequest(number)
            if isAnswerBegun { clock.allow(limits.answer) }
            context.fireChannelRead(data)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        // What comes after an answer that is under way is of no interest.
        if case .waiting = state { refuse(.notHTTP, context) } else { context.close(promise: nil) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.code >= 200, !isAnswerBegun {
                isAnswerBegun = true
                registry.noteAnswer(number)
                clock.allow(limits.answer)
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            written.futureResult.whenSuccess { bound.value.0.noteAnswerTaken(bound.value.1) }
            context.write(data, promise: written)
        }
    }

    /// All of an answer has gone to the system.
    private func noteAnswerTaken(_ context: ChannelHandlerContext) {
        isAnswerBegun = false
        guard case .answering = state, !isFinal else {
            // Before the whole request was there, or by its wish.
            state = .ended
            gate.close()
            return clock.allow(limits.farewell)
        }
        state = .waiting
        let hasty = registry.noteHaste(number, gate.hasBytes)
        guard gate.hasBytes else {
            clock.allow(limits.idle)
            return gate.open()
        }
        clock.allow(limits.header)
        let gate = NIOLoopBound(gate, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: limits.pace * hasty) { gate.value.open() }
    }

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        state = .ended
        gate.close()
        let body = ByteBuffer(string: refusal.sentence + "\n")
        var headers = HTTPHeaders([
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "\(body.readableBytes)"), ("Connection", "close"),
        ])
        for (name, value) in AnswerHeaders.always { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(version: .http1_1, status: refusal.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // What the client still sends is read and dropped for a while: closed at once, it might not get the answer.
        context.close(mode: .output, promise: nil)
        clock.allow(limits.farewell)
    }

    /// A further request begins: its header shall not take for ever.
    func noteFirstBytes() {
        if case .waiting = state, clock.limit == limits.idle { clock.allow(limits.header) }
    }
}

/// Why a request is not even looked at.
struct Refusal {
    let status: HTTPResponseStatus
    let sentence: String

    static let bodyTooLarge = Refusal(status: .payloadTooLarge, sentence: "Nothing here takes a body of this size.")
    static let notHTTP = Refusal(status: .badRequest, sentence: "This is not a request in HTTP/1.1.")

    private init(status: HTTPResponseStatus, sentence: String) {
        self.status = status
        self.sentence = sentence
    }

    /// nil: nothing is wrong with it.
    init?(of head: HTTPRequestHead, _ limits: ConnectionLimits) {
        let hosts = head.headers["Host"].count
        if head.isOfHTTP11, hosts == 0 {
            self.init(status: .badRequest, sentence: "A request in HTTP/1.1 has a Host header.")
        } else if hosts > 1 {
            self.init(status: .badRequest, sentence: "A request has one Host header.")
        } else if let text = head.headers.first(name: "Content-Length"), Int(text).map({ $0 > limits.bodySize }) ?? true {
            self = .bodyTooLarge
        } else {
            return nil
        }
    }
}

extension HTTPRequestHead {
    /// Not of HTTP/1.0, whose clients read until the end of the connection.
    fileprivate var isOfHTTP11: Bool { version.major > 1 || version.minor >= 1 }
}
