import Foundation

/// A TCP port of 127.0.0.1 that is free and stays ours, also against other test processes.
///
/// The mark of a reservation is a UDP socket bound to the same number: nobody else here uses UDP, the kernel lets only
/// one process have it, and it is gone with the process. Numbers stay below 32768, because those above are handed out to
/// outgoing connections, one of which may sit on the port when a server restarts.
package final class PortReservation: Sendable {
    /// The port's number.
    package let port: Int
    private let mark: Int32

    /// Reserves a free port.
    package init() throws {
        for _ in 0..<2_000 {
            let candidate = Int.random(in: 15_000..<32_000)
            guard let mark = Loopback.bound(Loopback.datagram, to: candidate) else { continue }
            guard let probe = Loopback.bound(Loopback.stream, to: candidate) else {
                close(mark)
                continue
            }
            close(probe)
            self.port = candidate
            self.mark = mark
            return
        }
        throw SupportFailure("no free port between 15000 and 32000")
    }

    deinit {
        close(mark)
    }
}
