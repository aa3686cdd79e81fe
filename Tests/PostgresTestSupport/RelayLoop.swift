import Foundation
import Synchronization

/// The relay's thread: one poll(2) over the listener and all connections.
final class RelayLoop: Sendable {
    struct Orders {
        var delay: Duration
        var condition: TCPRelay.Condition = .open
        var isClosed = false
    }

    private struct Connection {
        let number: Int
        let client: Int32
        let server: Int32
        var streams: [RelayStream]

        var isOver: Bool { streams.allSatisfy(\.isDone) || streams.contains(where: \.hasFailed) }
    }

    private let target: Int
    private let listener: Int32
    private let tap: TCPRelay.Tap?
    private let orders: Mutex<Orders>
    /// A byte in this pipe interrupts poll(2).
    private let wake = Pipe()

    init(from port: Int, to target: Int, delay: Duration, tap: TCPRelay.Tap?) throws {
        guard let listener = Loopback.listener(on: port) else { throw SupportFailure("the relay cannot listen on port \(port)") }
        self.listener = listener
        self.target = target
        self.tap = tap
        orders = Mutex(Orders(delay: delay))
    }

    func command(_ change: (inout Orders) -> Void) {
        orders.withLock { change(&$0) }
        try? wake.fileHandleForWriting.write(contentsOf: [0])
    }

    func run() {
        var connections: [Connection] = []
        var accepted = 0
        while true {
            let orders = orders.withLock { $0 }
            if orders.isClosed || orders.condition == .cut {
                for connection in connections { reset(connection) }
                connections = []
            }
            if orders.isClosed { break }
            let ready = wait(connections, orders)
            if ready.contains(wake.fileHandleForReading.fileDescriptor) {
                _ = wake.fileHandleForReading.availableData
                continue
            }
            if ready.contains(listener), let connection = accept(number: accepted) {
                connections.append(connection)
                accepted += 1
            }
            if orders.condition == .open { forward(&connections, ready, orders.delay) }
        }
        close(listener)
    }

    private func forward(_ connections: inout [Connection], _ ready: Set<Int32>, _ delay: Duration) {
        let now = ContinuousClock.now
        for index in connections.indices {
            for direction in 0...1 {
                if ready.contains(connections[index].streams[direction].source), connections[index].streams[direction].wantsInput {
                    let bytes = connections[index].streams[direction].receive(due: now + delay)
                    if !bytes.isEmpty { tap?(connections[index].number, direction == 0 ? .toServer : .toClient, bytes) }
                }
                connections[index].streams[direction].send(now: now)
            }
        }
        for connection in connections where connection.isOver { finish(connection) }
        connections.removeAll(where: \.isOver)
    }

    /// Waits for input, for room, for the next piece that is due, or for an order.
    private func wait(_ connections: [Connection], _ orders: Orders) -> Set<Int32> {
        var events: [Int32: Int32] = [wake.fileHandleForReading.fileDescriptor: POLLIN, listener: POLLIN]
        var due: ContinuousClock.Instant?
        if orders.condition == .open {
            for stream in connections.flatMap(\.streams) {
                if stream.wantsInput { events[stream.source, default: 0] |= POLLIN }
                if stream.wantsOutput { events[stream.sink, default: 0] |= POLLOUT }
                due = [due, stream.nextDue].compactMap { $0 }.min()
            }
        }
        var descriptors = events.map { pollfd(fd: $0.key, events: Int16($0.value), revents: 0) }
        poll(&descriptors, nfds_t(descriptors.count), milliseconds(until: due))
        return Set(descriptors.filter { $0.revents != 0 }.map(\.fd))
    }

    /// Rounded down: poll(2) knows whole milliseconds only, and to come late would add to the delay that is promised.
    private func milliseconds(until due: ContinuousClock.Instant?) -> Int32 {
        guard let due else { return -1 }
        return Int32(max(.zero, due - ContinuousClock.now) / .milliseconds(1))
    }

    private func accept(number: Int) -> Connection? {
        let client = Foundation.accept(listener, nil, nil)
        guard client >= 0 else { return nil }
        guard let server = Loopback.connect(to: target) else {
            close(client)
            return nil
        }
        for descriptor in [client, server] {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            Loopback.set(TCP_NODELAY, of: descriptor, at: Int32(IPPROTO_TCP))
        }
        return Connection(
            number: number,
            client: client,
            server: server,
            streams: [RelayStream(from: client, to: server), RelayStream(from: server, to: client)]
        )
    }

    /// Closes both sides with a reset instead of an orderly end.
    private func reset(_ connection: Connection) {
        for descriptor in [connection.client, connection.server] {
            var abort = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        }
        finish(connection)
    }

    private func finish(_ connection: Connection) {
        close(connection.client)
        close(connection.server)
    }
}
