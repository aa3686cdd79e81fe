import Foundation

/// A network between a client and a server on this machine that can be slow, or fail: it listens on a port of its own and
/// passes everything on, each byte half a round trip later.
package final class TCPRelay: Sendable {
    /// How the network behaves.
    package enum Condition: Sendable {
        /// It passes everything on.
        case open
        /// Connections stay, new ones come about, and no byte arrives any more: a dead link as programs see it.
        case silent
        /// Connections are reset, new ones too: as after the end of the peer.
        case cut
    }

    /// Sees a piece of a connection before it goes on, on the relay's own thread.
    package typealias Tap = @Sendable (_ connection: Int, _ direction: Direction, _ bytes: ArraySlice<UInt8>) -> Void

    /// Where a piece is going.
    package enum Direction: Sendable {
        case toServer
        case toClient
    }

    /// The port to connect to instead of the server's.
    package let port: Int
    private let reservation: PortReservation
    private let loop: RelayLoop

    /// Starts a relay to a port of 127.0.0.1. The tap is given the connections by number, from 0 in the order in which they were made.
    package init(to target: Int, roundTrip: Duration = .zero, tap: Tap? = nil) throws {
        reservation = try PortReservation()
        port = reservation.port
        loop = try RelayLoop(from: port, to: target, delay: roundTrip / 2, tap: tap)
        let loop = loop
        Thread.detachNewThread { loop.run() }
    }

    deinit {
        loop.command { $0.isClosed = true }
    }

    /// Changes the delay of what arrives from now on.
    package func set(roundTrip: Duration) {
        loop.command { $0.delay = roundTrip / 2 }
    }

    /// Changes the behaviour.
    package func set(_ condition: Condition) {
        loop.command { $0.condition = condition }
    }

    /// Ends the relay and all its connections.
    package func close() {
        loop.command { $0.isClosed = true }
    }
}
