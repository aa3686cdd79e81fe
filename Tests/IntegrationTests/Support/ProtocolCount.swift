import PostgresTestSupport
import Synchronization

/// Counts what passes on one connection in PostgreSQL's protocol (without encryption), by its messages.
struct ProtocolCount: Sendable {
    /// Bytes in each direction, their messages' own lengths included. Without requests to flush: on a slow machine there are some, so that
    /// it shows which statement is slow.
    private(set) var sentBytes = 0
    private(set) var receivedBytes = 0
    /// Bytes of the values in rows, a part of `receivedBytes`: positions and times are longer or shorter from one moment to the next.
    private(set) var valueBytes = 0
    /// Times that the client began to ask after all that it had asked before was answered.
    private(set) var roundTrips = 0
    private(set) var syncs = 0
    private(set) var parses = 0
    private(set) var errors = 0
    /// The statements in the order in which they were executed, and the rows of each one's answer.
    private(set) var statements: [(name: String, rows: Int)] = []

    private var sent = MessageStream(startsWithoutType: true)
    private var received = MessageStream(startsWithoutType: false)
    private var unanswered = 0
    private var answered = 0
    private var bound = ""

    /// Whether all is answered.
    var isIdle: Bool { unanswered == 0 }

    mutating func add(_ bytes: ArraySlice<UInt8>, _ direction: TCPRelay.Direction) {
        switch direction {
        case .toServer:
            sentBytes += bytes.count
            if isIdle { roundTrips += 1 }
            for message in sent.messages(bytes) { addQuestion(message) }
        case .toClient:
            receivedBytes += bytes.count
            for message in received.messages(bytes) { addAnswer(message) }
        }
    }

    /// Begins anew, in the midst of the connection.
    mutating func reset() {
        let (sent, received) = (sent, received)
        self = ProtocolCount()
        (self.sent, self.received) = (sent, received)
    }

    private mutating func addQuestion(_ message: MessageStream.Message) {
        switch message.type {
        case UInt8(ascii: "P"): parses += 1
        case UInt8(ascii: "B"):
            // The portal's name, then the statement's, each up to a zero.
            let names = message.body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            bound = names.count > 1 ? String(decoding: names[1].prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self) : ""
        case UInt8(ascii: "E"): statements.append((bound, 0))
        case UInt8(ascii: "Q"):
            statements.append(("simple query", 0))
            unanswered += 1
        case UInt8(ascii: "S"):
            syncs += 1
            unanswered += 1
        case UInt8(ascii: "H"): sentBytes -= message.body.count + 5
        // The start of the session, which ends as a question does.
        case 0: unanswered += 1
        default: break
        }
    }

    private mutating func addAnswer(_ message: MessageStream.Message) {
        switch message.type {
        case UInt8(ascii: "D"):
            if answered < statements.count { statements[answered].rows += 1 }
            // After the number of columns, each value has a length of four bytes before it.
            let columns = message.body.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            valueBytes += message.body.count - 2 - 4 * columns
        case UInt8(ascii: "C"), UInt8(ascii: "I"): answered += 1
        case UInt8(ascii: "E"):
            errors += 1
            answered += 1
        case UInt8(ascii: "Z"): unanswered -= 1
        default: break
        }
    }
}

/// Cuts one direction of a connection into messages.
struct MessageStream: Sendable {
    struct Message {
        let type: UInt8
        let body: ArraySlice<UInt8>
    }

    private var rest: [UInt8] = []
    /// The first message of a client has no type.
    private var startsWithoutType: Bool

    init(startsWithoutType: Bool) {
        self.startsWithoutType = startsWithoutType
    }

    mutating func messages(_ bytes: ArraySlice<UInt8>) -> [Message] {
        rest += bytes
        var found: [Message] = []
        var start = rest.startIndex
        while true {
            let prefix = startsWithoutType ? 0 : 1
            guard rest.count - start >= prefix + 4 else { break }
            // The length counts itself.
            let length = rest[(start + prefix)..<(start + prefix + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 4, rest.count - start >= prefix + length else { break }
            found.append(Message(type: startsWithoutType ? 0 : rest[start], body: rest[(start + prefix + 4)..<(start + prefix + length)]))
            start += prefix + length
            startsWithoutType = false
        }
        rest.removeFirst(start)
        return found
    }
}

/// A relay that counts what passes on its first connection, and how many connections there were.
final class CountingRelay: Sendable {
    private let relay: TCPRelay
    private let state: CountingState

    var port: Int { relay.port }
    var connections: Int { state.counts.withLock(\.count) }
    var first: ProtocolCount { state.counts.withLock { $0[0] ?? ProtocolCount() } }

    init(to port: Int) throws {
        let state = CountingState()
        self.state = state
        relay = try TCPRelay(to: port) { connection, direction, bytes in
            state.counts.withLock { $0[connection, default: ProtocolCount()].add(bytes, direction) }
        }
    }

    func reset() {
        state.counts.withLock { $0[0]?.reset() }
    }

    func close() {
        relay.close()
    }
}

private final class CountingState: Sendable {
    let counts = Mutex<[Int: ProtocolCount]>([:])
}
