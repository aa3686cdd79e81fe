import Foundation

/// One direction of a relayed connection: what was read, and when each piece may go on.
struct RelayStream {
    let source: Int32
    let sink: Int32
    private var pieces: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
    private var queued = 0
    private var sourceEnded = false
    /// The end of the source has been passed on.
    private(set) var isDone = false
    private(set) var hasFailed = false
    /// The sink took less than it was given.
    private var isBlocked = false

    init(from source: Int32, to sink: Int32) {
        self.source = source
        self.sink = sink
    }

    /// Beyond a megabyte in flight the source has to wait, as in a real network.
    var wantsInput: Bool { !sourceEnded && queued < 1 << 20 }
    var wantsOutput: Bool { isBlocked }
    var nextDue: ContinuousClock.Instant? { isBlocked ? nil : pieces.first?.due }

    /// Takes what there is, to be sent on when it is due; gives it back for whoever looks on.
    mutating func receive(due: ContinuousClock.Instant) -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(source, &buffer, buffer.count, 0)
        if count > 0 {
            pieces.append((due, buffer[..<count]))
            queued += count
            return buffer[..<count]
        }
        if count == 0 {
            sourceEnded = true
        } else if errno != EAGAIN, errno != EINTR {
            hasFailed = true
        }
        return []
    }

    mutating func send(now: ContinuousClock.Instant) {
        isBlocked = false
        while let first = pieces.first, first.due <= now {
            let count = first.bytes.withUnsafeBytes { Foundation.send(sink, $0.baseAddress, $0.count, Self.noSignal) }
            guard count >= 0 else {
                isBlocked = errno == EAGAIN || errno == EINTR
                hasFailed = !isBlocked
                return
            }
            queued -= count
            if count == first.bytes.count {
                pieces.removeFirst()
            } else {
                pieces[0].bytes = first.bytes.dropFirst(count)
            }
        }
        if sourceEnded, pieces.isEmpty, !isDone {
            shutdown(sink, Int32(SHUT_WR))
            isDone = true
        }
    }

    #if canImport(Glibc)
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #else
        private static let noSignal: Int32 = 0
    #endif
}
