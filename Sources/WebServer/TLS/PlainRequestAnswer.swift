import NIOCore

/// Tells a client that speaks HTTP where TLS is spoken; the library would close without a word.
final class PlainRequestAnswer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let answer =
        "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        + "Client sent an HTTP request to an HTTPS server.\n"

    private enum State { case undecided, tls, plain }
    private var state = State.undecided

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if state == .undecided, let first = unwrapInboundIn(data).getInteger(at: unwrapInboundIn(data).readerIndex, as: UInt8.self) {
            // Methods begin with a capital letter, records of TLS with 0x16.
            state = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) ? .plain : .tls
            if state == .plain {
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer))).whenComplete { _ in bound.value.close(promise: nil) }
            }
        }
        if state == .tls { context.fireChannelRead(data) }
    }
}
