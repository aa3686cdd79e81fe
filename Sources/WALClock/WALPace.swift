package import ReplicationModel

/// How fast a server writes WAL, for the question when so many bytes more will have been written.
///
/// It counts what happened before in as long a time as is asked for. Far ahead that is the higher of the last minute's and the last quarter of an hour's
/// rate. Near, it is the rate of the last seconds; and as long as less is written than before, the fastest that so much was ever written in the last
/// quarter of an hour: a pause erases no burst that was seen. A load that has become less, and goes on so, is no pause.
package struct WALPace: Sendable {
    private let clock: WALClock
    private let now: MonotonicTime
    private let tenSeconds, halfMinute, minute, quarterHour: Double?

    package init(_ clock: WALClock, at now: MonotonicTime) {
        self.clock = clock
        self.now = now
        tenSeconds = clock.rate(overLast: 10, at: now)
        halfMinute = clock.rate(overLast: 30, at: now)
        minute = clock.rate(overLast: 60, at: now)
        quarterHour = clock.rate(overLast: Self.memory, at: now)
    }

    /// For so many seconds a burst is remembered.
    package static let memory = 900.0
    /// A burst of ten seconds says nothing of what is further away than this, in seconds.
    private static let reachOfTenSeconds = 600.0
    /// Below these seconds a load that has fallen is followed at once, above the others in a quarter of an hour, between them by degrees.
    private static let near = (whole: 180.0, none: 360.0)
    /// Of the highest pace: from the upper share on it is the same load, only less; below the lower one it is a pause.
    private static let pause = (whole: 0.2, none: 0.45)

    /// Bytes per second at which the next `bytes` will be written; nil when the server was not watched for long enough.
    package func rate(toWrite bytes: Int64) -> Double? {
        let all = [tenSeconds, halfMinute, minute, quarterHour].compactMap(\.self)
        guard bytes > 0, !all.isEmpty else { return all.max() }
        let bytesAhead = Double(bytes)
        let burst = tenSeconds.flatMap { bytesAhead <= $0 * Self.reachOfTenSeconds ? $0 : nil }
        let fastest = clock.shortestTime(toWrite: bytes, withinLast: Self.memory, at: now).map { bytesAhead / $0 }
        guard let highest = [fastest, burst, minute, quarterHour].compactMap(\.self).max(), highest > 0 else { return 0 }
        // What was written lately, and goes on: both in the last seconds and in the last minute.
        guard let present = [burst, halfMinute].compactMap(\.self).max(), let lasting = [tenSeconds, minute].compactMap(\.self).min() else {
            return highest
        }
        let isPause = Self.part(of: lasting / highest, from: Self.pause.none, to: Self.pause.whole)
        let isFar = Self.part(of: bytesAhead / highest, from: Self.near.whole, to: Self.near.none)
        return max(present, highest - (highest - present) * (1 - isPause) * (1 - isFar))
    }

    /// 0 at `start`, 1 at `end`, and in between by degrees.
    private static func part(of value: Double, from start: Double, to end: Double) -> Double {
        min(max((value - start) / (end - start), 0), 1)
    }
}
