import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Closes a connection whose client's certificate has none of the allowed names, before anything that it has sent is looked at. Also one
/// without a certificate, and one that has resumed a session.
final class PeerNameCheck: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let allowed: [String]
    private let clock: ConnectionClock
    private let logger: Logger
    private var isRefused = false

    init(allowed: [String], clock: ConnectionClock, logger: Logger) {
        self.allowed = allowed
        self.clock = clock
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            let certificate = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self).peerCertificate
            let names = certificate.map(SubjectNames.all) ?? []
            if !SubjectNames.isAllowed(names, by: allowed) {
                isRefused = true
                logger.info(
                    "a client certificate has none of the allowed names",
                    metadata: ["client": "\(context.remoteAddress.map { "\($0)" } ?? "unknown")"]
                )
                return clock.close()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isRefused { context.fireChannelRead(data) }
    }
}
