package import ReplicationModel

/// How fast a server wrote WAL in each hour of the last eight weeks.
///
/// Only what was watched counts: a time in which nobody looked is unknown, and no rate of 0. 8 KB a server when all eight weeks are known.
package struct WALHours: Sendable, Hashable {
    /// Eight weeks.
    package static let most = 8 * 7 * 24
    /// Two looks further apart than this, in seconds, say nothing of the hours that lie between them.
    package static let longestGap = 150.0
    /// An hour tells a rate when so many seconds of it were watched.
    private static let leastWatched: UInt16 = 300

    /// The hour, counted from 1970, of the first entry.
    private var firstHour = 0
    private var bytesPerSecond: [Float] = []
    private var watched: [UInt16] = []
    /// The hour under way.
    private var present: (hour: Int, bytes: Double, seconds: Double)?
    private var last: (end: LSN, time: MonotonicTime)?

    package init() {}

    package static func == (one: WALHours, other: WALHours) -> Bool { one.kept == other.kept }

    package func hash(into hasher: inout Hasher) { hasher.combine(kept) }

    /// Notes where the WAL ends.
    /// - Parameter wallClock: Unix time of the same moment.
    package mutating func note(_ end: LSN, at time: MonotonicTime, wallClock: Double) {
        defer { last = (end, time) }
        guard let last, wallClock.isFinite, wallClock >= 0, wallClock < 1e12 else { return }
        let seconds = time.seconds(since: last.time)
        guard seconds > 0, seconds <= Self.longestGap, end >= last.end else { return }
        let hour = Int(wallClock / 3600)
        if present?.hour != hour { close() }
        var current = present ?? (hour, 0, 0)
        // A look that reaches into two hours counts for the later one: it is short.
        current.bytes += Double(end.distance(from: last.end))
        current.seconds += seconds
        present = current
    }

    /// Bytes per second of each hour that was watched for long enough, of those after `wallClock` less so many hours, from old to new.
    package func rates(overLast hours: Int, at wallClock: Double) -> [Double] {
        var all = self
        all.close()
        let earliest = Int(max(min(wallClock, 1e12), 0) / 3600) - hours
        return all.watched.indices.compactMap { index in
            all.firstHour + index > earliest && all.watched[index] >= Self.leastWatched ? Double(all.bytesPerSecond[index]) : nil
        }
    }

    /// The rate that so great a part of the hours did not exceed.
    /// - Parameter quantile: from 0 to 1.
    /// - Returns: nil when no hour is known.
    package func rate(atQuantile quantile: Double, overLast hours: Int, at wallClock: Double) -> Double? {
        let rates = rates(overLast: hours, at: wallClock).sorted()
        guard !rates.isEmpty else { return nil }
        return rates[min(max(Int((Double(rates.count) * quantile).rounded(.up)) - 1, 0), rates.count - 1)]
    }

    private mutating func close() {
        guard let present else { return }
        self.present = nil
        append(present.hour, Float(present.bytes / max(present.seconds, 1)), UInt16(min(present.seconds, 3600)))
    }

    private mutating func append(_ hour: Int, _ rate: Float, _ seconds: UInt16) {
        if watched.isEmpty { firstHour = hour }
        let index = hour - firstHour
        if index >= 0, index < watched.count {
            // The wall clock was put back, or a former process knew a part of this hour.
            let total = Float(watched[index]) + Float(seconds)
            guard total > 0 else { return }
            bytesPerSecond[index] = (bytesPerSecond[index] * Float(watched[index]) + rate * Float(seconds)) / total
            watched[index] = UInt16(min(total, 3600))
            return
        }
        guard index >= 0, index < 2 * Self.most else {
            // A wall clock that jumps by months: what was is of no use any more.
            (firstHour, bytesPerSecond, watched) = (hour, [rate], [seconds])
            return
        }
        let missing = index - watched.count
        bytesPerSecond += [Float](repeating: 0, count: missing) + [rate]
        watched += [UInt16](repeating: 0, count: missing) + [seconds]
        let excess = watched.count - Self.most
        guard excess > 0 else { return }
        bytesPerSecond.removeFirst(excess)
        watched.removeFirst(excess)
        firstHour += excess
    }
}

extension WALHours {
    /// What outlives the process.
    package struct Kept: Sendable, Hashable, Codable {
        /// Counted from 1970.
        package var firstHour: Int
        /// Bytes per second, rounded: ``NumberText``.
        package var rates: String
        /// Seconds that were watched, likewise.
        package var watched: String

        package init(firstHour: Int, rates: String, watched: String) {
            self.firstHour = firstHour
            self.rates = rates
            self.watched = watched
        }
    }

    package var kept: Kept {
        var all = self
        all.close()
        return Kept(
            firstHour: all.firstHour,
            rates: NumberText.text(of: all.bytesPerSecond.map { Int64(exactly: $0.rounded()) ?? 0 }),
            watched: NumberText.text(of: all.watched.map(Int64.init))
        )
    }

    /// nil when it is not of this form.
    package init?(_ kept: Kept) {
        guard let rates = NumberText.numbers(in: kept.rates), let watched = NumberText.numbers(in: kept.watched),
            rates.count == watched.count, rates.count <= Self.most, (0..<1_000_000_000).contains(kept.firstHour),
            rates.allSatisfy({ $0 >= 0 }), watched.allSatisfy({ (0...3600).contains($0) })
        else { return nil }
        firstHour = kept.firstHour
        bytesPerSecond = rates.map(Float.init)
        self.watched = watched.map(UInt16.init)
    }
}
