import ReplicationModel

/// The points of a ``WALClock``: neither positions nor times ever fall. A plateau, a time without writes, is the points of its first
/// and its last moment.
struct WALClockHistory: Sendable {
    /// 16 bytes: there are thousands for each server.
    struct Point: Sendable {
        var position: LSN
        var time: Double
    }

    /// When a position was passed.
    enum Passed {
        /// The end is not above the position.
        case notYet
        case at(MonotonicTime)
        /// Before the oldest point.
        case before(MonotonicTime)
    }

    var points: [Point] = []
    private let thinning: WALClock.Thinning

    init(thinning: WALClock.Thinning) {
        self.thinning = thinning
    }

    var oldest: (position: LSN, time: MonotonicTime)? {
        points.first.map { ($0.position, MonotonicTime($0.time)) }
    }

    var latest: (position: LSN, time: MonotonicTime)? {
        points.last.map { ($0.position, MonotonicTime($0.time)) }
    }

    var allocatedBytes: Int {
        points.capacity * MemoryLayout<Point>.stride
    }

    mutating func removeAll() {
        points.removeAll()
    }
}

// MARK: - Writing

extension WALClockHistory {
    mutating func record(_ end: LSN, at time: MonotonicTime) {
        let time = time.seconds
        guard let last = points.last else {
            append(Point(position: end, time: time))
            return
        }
        if end < last.position {
            guard time > last.time else { return }
            cut(to: end, heldUntil: MonotonicTime(time))
        } else if end == last.position {
            hold(until: time)
        } else if time <= last.time, points.count > 1, points[points.count - 2].time == last.time {
            // However often the same moment is told, it is two points.
            points[points.count - 1].position = end
        } else {
            append(Point(position: end, time: max(time, last.time)))
        }
    }

    /// Forgets what is above `end`, and takes the end to have stayed there until `time`.
    mutating func cut(to end: LSN, heldUntil time: MonotonicTime) {
        let above = firstIndex { $0.position > end }
        guard above < points.count else { return }
        let passed = above > 0 ? interpolate(end, before: above) : time.seconds
        points.removeSubrange(above...)
        if points.last?.position != end {
            append(Point(position: end, time: passed))
        }
        hold(until: time.seconds)
    }

    /// Forgets points later than `time` or above `end`, without a trace.
    mutating func drop(after time: MonotonicTime, above end: LSN) {
        points.removeSubrange(firstIndex { $0.time > time.seconds || $0.position > end }...)
    }

    /// Takes back what ``hold(until:)`` noted after `time`.
    mutating func forgetPlateau(after time: MonotonicTime) {
        guard points.count > 1, let last = points.last, points[points.count - 2].position == last.position else { return }
        points[points.count - 1].time = min(last.time, max(points[points.count - 2].time, time.seconds))
    }

    /// Puts those of `seeds` that are consistent with each other and with the oldest sample before it.
    /// - Parameter sampledSince: points before it are seeds too; nil: there are none.
    mutating func prepend(_ seeds: [(position: LSN, time: MonotonicTime)], sampledSince: MonotonicTime?) {
        let split = sampledSince.map { since in firstIndex { $0.time >= since.seconds } } ?? 0
        let samples = points[split...]
        let oldest = samples.first
        let past = (points[..<split] + seeds.map { Point(position: $0.position, time: $0.time.seconds) }).filter { seed in
            guard seed.time.isFinite else { return false }
            return oldest.map { seed.position < $0.position && seed.time <= $0.time } ?? true
        }
        var all = Self.longestOrderedPart(of: past) + samples
        thinning.thin(&all)
        // `all` may once have been large.
        points = []
        points.reserveCapacity(all.count + WALClock.Thinning.room)
        points += all
    }

    /// The end is seen where it was: a plateau starts or goes on.
    private mutating func hold(until time: Double) {
        guard let last = points.last, time > last.time else { return }
        if points.count > 1, points[points.count - 2].position == last.position {
            points[points.count - 1].time = time
        } else {
            append(Point(position: last.position, time: time))
        }
    }

    private mutating func append(_ point: Point) {
        if points.count == points.capacity {
            thinning.thin(&points)
            // An array that grows by itself doubles.
            points.reserveCapacity(points.count + WALClock.Thinning.room)
        }
        points.append(point)
    }
}

// MARK: - Reading

extension WALClockHistory {
    /// nil without history.
    func whenPassed(_ position: LSN) -> Passed? {
        guard let first = points.first, let last = points.last else { return nil }
        if position >= last.position { return .notYet }
        if position < first.position { return .before(MonotonicTime(first.time)) }
        return .at(MonotonicTime(interpolate(position, before: firstIndex { $0.position > position })))
    }

    /// When the end was last seen at or below a position (nil: before all points), and first above it; nil where it was never above.
    func neighbours(of position: LSN) -> (before: MonotonicTime?, after: MonotonicTime)? {
        let next = firstIndex { $0.position > position }
        guard next < points.count else { return nil }
        return (next > 0 ? MonotonicTime(points[next - 1].time) : nil, MonotonicTime(points[next].time))
    }

    /// Bytes from the interpolated end at `time`, which lies within history, to the latest end.
    func bytesWritten(since time: MonotonicTime) -> Double {
        let next = firstIndex { $0.time > time.seconds }
        guard next > 0, next < points.count, let last = points.last else { return 0 }
        let (lower, upper) = (points[next - 1], points[next])
        let part = (time.seconds - lower.time) / (upper.time - lower.time)
        return Double(last.position.distance(from: lower.position)) - part * Double(upper.position.distance(from: lower.position))
    }

    /// The shortest time from a point at or after `start` to when the end was `bytes` further; nil when it never was.
    /// - Parameter weight: of what ended at a time: at half of it, it counts as if it had taken twice as long.
    func shortestTime(toWrite bytes: Int64, since start: MonotonicTime, weight: (Double) -> Double) -> Double? {
        var shortest: Double?
        var next = firstIndex { $0.time >= start.seconds }
        for point in points[next...] {
            while next < points.count, points[next].position.distance(from: point.position) < bytes { next += 1 }
            guard next > 0, next < points.count else { break }
            let end = interpolate(point.position.advanced(by: bytes), before: next)
            let weight = weight(end)
            guard weight > 0 else { continue }
            let seconds = max(end - point.time, 1) / weight
            shortest = min(shortest ?? seconds, seconds)
        }
        return shortest
    }

    /// When `position` was passed: between the last point at or below it and `next`, the first above it.
    private func interpolate(_ position: LSN, before next: Int) -> Double {
        let (lower, upper) = (points[next - 1], points[next])
        let part = Double(position.distance(from: lower.position)) / Double(upper.position.distance(from: lower.position))
        return min(lower.time + part * (upper.time - lower.time), upper.time)
    }

    /// The first point of which `isAfter` holds, given that it holds of all points after that one.
    private func firstIndex(where isAfter: (Point) -> Bool) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(points[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
