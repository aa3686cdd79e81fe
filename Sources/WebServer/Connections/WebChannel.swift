import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOSSL

/// What is done with each accepted connection: TLS by the files of that moment where TLS is served, the limits, then HTTP/1.1.
struct WebChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    /// nil: plain HTTP without users.
    let access: WebAccess?
    let registry: ConnectionRegistry
    let limits: ConnectionLimits

    init(access: WebAccess?, registry: ConnectionRegistry, limits: ConnectionLimits, responder: @escaping HTTPChannelHandler.Responder) {
        self.access = access
        self.registry = registry
        self.limits = limits
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerSize,
            maxHeaderListSize: limits.headerSize,
            maxHeaderFieldCount: 100
        )
        // Time is kept by our own handlers.
        base = HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let buffers = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: limits.readSize)
        return channel.setOption(.recvAllocator, value: buffers).flatMap {
            guard let setup = access?.setup(on: channel.eventLoop) else {
                return channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel, nil, logger) }
            }
            return setup.flatMapThrowing { try addHandlers(to: channel, $0, logger) }
        }
        .flatMap { watch in
            base.setup(channel: channel, logger: logger).flatMapThrowing { value in
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(watch.value, position: .before(pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
                return value
            }
        }
    }

    private func addHandlers(to channel: any Channel, _ tls: TLSSetup?, _ logger: Logger) throws -> NIOLoopBound<RequestWatch> {
        let pipeline = channel.pipeline.syncOperations
        let clock = ConnectionClock(registry: registry, limit: limits.header)
        try pipeline.addHandler(clock)
        if let tls {
            try pipeline.addHandler(PlainRequestAnswer())
            try pipeline.addHandler(tls.handler())
            if let allowed = tls.allowedSANs { try pipeline.addHandler(PeerNameCheck(allowed: allowed, clock: clock, logger: logger)) }
        }
        let gate = RequestGate(limit: limits.waitingSize)
        try pipeline.addHandler(gate)
        let watch = RequestWatch(limits: limits, gate: gate, registry: registry, number: clock.number, clock: clock)
        clock.onBytes = { watch.noteFirstBytes() }
        return NIOLoopBound(watch, eventLoop: channel.eventLoop)
    }

    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
