import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Lets through one request at a time, in bytes: what a client sends beyond it is not even parsed until the answer is written, and not
/// read either, so that a client that does not read costs one buffer.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limit: Int
    private var isOpen = true
    /// What comes now is a body.
    var isInBody = false {
        didSet { end = HeaderEnd() }
    }
    private var isPumping = false
    private var waiting = ByteBuffer()
    private var isReadWanted = false
    private var isInputClosed = false
    private var end = HeaderEnd()
    private var context: ChannelHandlerContext?

    /// - Parameter limit: bytes that may wait; a connection with more is closed.
    init(limit: Int) {
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Nothing passes any more.
    func close() {
        isOpen = false
    }

    /// The answer is written: what comes next may pass.
    func open() {
        guard let context, !isOpen else { return }
        isOpen = true
        guard waiting.readableBytes > 0 else { return }
        pump(context)
        context.fireChannelReadComplete()
    }

    /// Whether a part of a further request is here already.
    var hasBytes: Bool { waiting.readableBytes > 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeBuffer(&bytes) }
        pump(context)
        if waiting.readableBytes > limit { context.close(promise: nil) }
    }

    /// A header ends at an empty line; what is handed on ends there, or where the bytes end. Bodies are handed on line by line, for their
    /// end is known only to the parser.
    private func pump(_ context: ChannelHandlerContext) {
        // What passes may open or close the gate.
        guard !isPumping else { return }
        isPumping = true
        while isOpen, waiting.readableBytes > 0 {
            let length = waiting.withUnsafeReadableBytes { isInBody ? HeaderEnd.lengthOfLine(in: $0) : end.length(in: $0) }
            guard let bytes = waiting.readSlice(length: length) else { break }
            context.fireChannelRead(wrapInboundOut(bytes))
        }
        isPumping = false
        guard waiting.readableBytes == 0 else { return }
        waiting = ByteBuffer()
        if isInputClosed {
            isInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        if isReadWanted {
            isReadWanted = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if waiting.readableBytes > 0 { isReadWanted = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if waiting.readableBytes > 0, case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

/// Finds the ends of lines that may end a header, across reads.
struct HeaderEnd: Sendable {
    private enum State { case inLine, afterLine, afterReturn }
    private var state = State.inLine

    /// How many bytes may be handed on together: up to and with the first empty line, else all.
    mutating func length(in bytes: UnsafeRawBufferPointer) -> Int {
        var start = 0
        while let end = Self.lineFeed(in: bytes, from: start) {
            let isEmpty =
                switch state {
                case .inLine: false
                case .afterLine: end == start || (end == start + 1 && bytes[start] == UInt8(ascii: "\r"))
                case .afterReturn: end == start
                }
            state = isEmpty ? .inLine : .afterLine
            start = end + 1
            if isEmpty { return start }
        }
        if start < bytes.count {
            state = state == .afterLine && start == bytes.count - 1 && bytes[start] == UInt8(ascii: "\r") ? .afterReturn : .inLine
        }
        return bytes.count
    }

    /// Up to and with the end of a line, else all.
    static func lengthOfLine(in bytes: UnsafeRawBufferPointer) -> Int {
        lineFeed(in: bytes, from: 0).map { $0 + 1 } ?? bytes.count
    }

    private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
