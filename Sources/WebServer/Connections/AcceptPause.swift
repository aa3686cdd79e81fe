import Logging
import NIOCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Stops accepting for a moment when the system has no descriptor for one more connection.
///
/// The connection that cannot be accepted stays ready to be accepted, so NIO, which goes on reading after such an error, would do
/// nothing else any more. It waits in the kernel instead, until somebody has left.
final class AcceptPause: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel

    private static let pause = TimeAmount.milliseconds(500)
    private static let quiet = TimeAmount.minutes(1)

    private let logger: Logger
    private let toldAt = Mutex<NIODeadline?>(nil)

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else {
            return context.fireErrorCaught(error)
        }
        if mustTell(at: .now()) { logger.warning("a connection has to wait", metadata: ["error": "\(error)"]) }
        let channel = context.channel
        channel.setOption(.autoRead, value: false).whenSuccess {
            channel.eventLoop.scheduleTask(in: Self.pause) { channel.setOption(.autoRead, value: true) }
        }
    }

    private func mustTell(at now: NIODeadline) -> Bool {
        toldAt.withLock { toldAt in
            if let toldAt, now - toldAt < Self.quiet { return false }
            toldAt = now
            return true
        }
    }
}
