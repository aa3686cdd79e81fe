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

    /// Puts those of `seeds` that are consistent with each other and with the points there are before the oldest one, and into times of which
    /// nothing is known: when nobody looked.
    mutating func prepend(_ seeds: [(position: LSN, time: MonotonicTime)]) {
        let seeds = seeds.map { Point(position: $0.position, time: $0.time.seconds) }.filter(\.time.isFinite)
        let oldest = points.first
        let past = seeds.filter { seed in oldest.map { seed.position < $0.position && seed.time <= $0.time } ?? true }
        let between = Self.longestOrderedPart(of: seeds.filter(isInGap))
        var all = Self.longestOrderedPart(of: past) + points
        if !between.isEmpty { all = (all + between).sorted { ($0.position, $0.time) < ($1.position, $1.time) } }
        thinning.thin(&all)
        // `all` may once have been large.
        points = []
        points.reserveCapacity(all.count + WALClock.Thinning.room)
        points += all
    }

    /// Longer without a point, in seconds, is a time in which nobody looked, unless it is long ago.
    private static let shortestGap = 60.0

    private func isInGap(_ seed: Point) -> Bool {
        let next = firstIndex { $0.position > seed.position }
        guard next > 0, next < points.count else { return false }
        let (lower, upper) = (points[next - 1], points[next])
        return upper.time - lower.time > Self.shortestGap && lower.position < seed.position && (lower.time...upper.time).contains(seed.time)
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

    /// Bytes from the interpolated end at `time`, which lies within history, to the latest end.
    func bytesWritten(since time: MonotonicTime) -> Double {
        let next = firstIndex { $0.time > time.seconds }
        guard next > 0, next < points.count, let last = points.last else { return 0 }
        let (lower, upper) = (points[next - 1], points[next])
        let part = (time.seconds - lower.time) / (upper.time - lower.time)
        return Double(last.position.distance(from: lower.position)) - part * Double(upper.position.distance(from: lower.position))
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
