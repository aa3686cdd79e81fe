import NIOCore

/// The handler nearest to the socket: closes the connection when what it is allowed has passed, or when the registry wants its place.
/// From here a close takes no farewell of TLS.
final class ConnectionClock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let registry: ConnectionRegistry
    private var deadline: NIODeadline?
    private var timer: (task: Scheduled<Void>, ringsAt: NIODeadline)?
    private var context: ChannelHandlerContext?
    private(set) var number = 0
    /// What was allowed last.
    private(set) var limit: TimeAmount?
    /// Hears of the first bytes of each read.
    var onBytes: (() -> Void)?

    /// - Parameter limit: what is allowed from the start.
    init(registry: ConnectionRegistry, limit: TimeAmount) {
        self.registry = registry
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        number = registry.add { loop.execute { bound.value.close() } }
        if let limit { allow(limit) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        onBytes = nil
        stop()
        registry.remove(number, on: context.eventLoop)
        self.context = nil
    }

    /// From now on the connection may go on for so long.
    func allow(_ limit: TimeAmount) {
        guard let context else { return }
        self.limit = limit
        let deadline = NIODeadline.now() + limit
        self.deadline = deadline
        // A timer that is set already looks again when it rings.
        if let timer, timer.ringsAt <= deadline { return }
        timer?.task.cancel()
        schedule(context, at: deadline)
    }

    /// Without a limit, until the next one.
    func stop() {
        deadline = nil
        limit = nil
        timer?.task.cancel()
        timer = nil
    }

    private func schedule(_ context: ChannelHandlerContext, at deadline: NIODeadline) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = (context.eventLoop.scheduleTask(deadline: deadline) { bound.value.ring() }, deadline)
    }

    private func ring() {
        timer = nil
        guard let deadline, let context else { return }
        if deadline <= .now() { close() } else { schedule(context, at: deadline) }
    }

    /// Closes at once.
    func close() {
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        onBytes?()
        context.fireChannelRead(data)
    }
}
