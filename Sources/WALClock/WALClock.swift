package import ReplicationModel

/// When a server's WAL end passed a position: the way from bytes of lag to seconds of lag, by one clock, the exporter's.
///
/// It is told where the WAL ends, again and again, and remembers (position, time). A position has been passed when the end was
/// last seen at or below it: after an hour without writes the next record starts a lag of 0 seconds, not of an hour. Between two
/// samples it interpolates. Over a long gap (the exporter was stopped, the server was away) that is all there is, and it is a
/// guess: the WAL may have been written at any time within the gap.
///
/// Old history is thinned (``Thinning``), so that memory stays bounded. A copy shares the history until one of the two changes.
package struct WALClock: Sendable {
    var history: WALClockHistory
    var systemIdentifier: String?
    var timeline: Int64?
    /// Seeds alone do not tell where the WAL ends.
    private var hasSample = false
    /// Before it, history is of seeds: times of files, which say little of how fast the WAL was written.
    private var firstSample: MonotonicTime?

    /// - Parameter thinning: how much detail is kept, and for how long.
    package init(thinning: Thinning = Thinning()) {
        history = WALClockHistory(thinning: thinning)
    }

    /// Notes where the server's WAL ends.
    ///
    /// Another system identifier is another database: everything before is forgotten. An end below the latest is a server that was
    /// put back (restored, or another member behind the same address): what was above it is forgotten, what is below remains.
    /// A sample that comes late, after a newer one, says nothing new and is ignored.
    ///
    /// - Parameters:
    ///   - end: the WAL end: of a primary what it has written, of a standby the furthest it knows of.
    ///   - time: when `end` was read.
    ///   - timeline: the timeline of `end`; nil when not known.
    ///   - fork: where `timeline` left the one before, if known. Positions above it belong to another history and are forgotten
    ///     when the timeline changes. Without it only those above `end` are. A timeline that is read late (from the control file)
    ///     must come without a fork: it would take positions of the new timeline for those of the old one.
    package mutating func record(
        _ end: LSN,
        at time: MonotonicTime,
        timeline: Int64?,
        fork: LSN? = nil,
        systemIdentifier: String
    ) {
        guard time.seconds.isFinite else { return }
        let isLate = latest.map { time < $0.time } ?? false
        if systemIdentifier != self.systemIdentifier {
            guard !isLate else { return }
            forget(for: systemIdentifier)
        }
        if !hasSample {
            history.drop(after: time, above: end)
            hasSample = true
            firstSample = time
        }
        if let timeline, timeline != self.timeline {
            guard !isLate else { return }
            if self.timeline != nil, let fork, fork < end, let latest {
                history.cut(to: fork, heldUntil: latest.time)
            }
            self.timeline = timeline
        }
        history.record(end, at: time)
    }

    /// Fills the past before the first sample, so that ages are useful as soon as the exporter has started.
    ///
    /// Inconsistent points, that is a higher position at an earlier time, are dropped: the fewest that leave the rest in order.
    /// - Parameters:
    ///   - points: the end of each finished WAL segment, and when it was last written to. Without segments that were recycled: they
    ///     carry a future name and the time of their past.
    ///   - systemIdentifier: of the server whose segments these are.
    package mutating func seed(_ points: [(position: LSN, time: MonotonicTime)], systemIdentifier: String) {
        if systemIdentifier != self.systemIdentifier || !hasSample {
            forget(for: systemIdentifier)
        }
        history.prepend(points, sampledSince: firstSample)
    }

    /// Takes back that the end stayed where it is after `time`: nobody looked. What is recorded next was written at any time since then.
    package mutating func forgetPlateau(after time: MonotonicTime) {
        history.forgetPlateau(after: time)
    }

    /// How long ago the WAL end passed `position`.
    ///
    /// - Returns: 0 at the latest known end and above it, however old that sample is: whether samples still come is the caller's to
    ///   know. nil while nothing has been recorded.
    package func age(of position: LSN, at now: MonotonicTime) -> Age? {
        guard hasSample, let passed = history.whenPassed(position) else { return nil }
        switch passed {
        case .notYet: return Age(seconds: 0, isLowerBound: false)
        case .at(let time): return Age(seconds: max(now.seconds(since: time), 0), isLowerBound: false)
        case .before(let time): return Age(seconds: max(now.seconds(since: time), 0), isLowerBound: true)
        }
    }

    /// As ``age(of:at:)``, but a lower bound where the seeds around the position are so far apart that what lies between them is a guess: for what is taken
    /// for the lag of this moment. What a slot holds back is old, and a segment's time is little of it.
    package func ageAsSeen(of position: LSN, at now: MonotonicTime) -> Age? {
        guard let age = age(of: position, at: now) else { return nil }
        guard !age.isLowerBound, let firstSample, let after = history.neighbours(of: position)?.after, after <= firstSample else { return age }
        let least = max(now.seconds(since: after), 0)
        return age.seconds - least > max(Self.guessedWithin, least * Self.guessedPart) ? Age(seconds: least, isLowerBound: true) : age
    }

    /// An age between two seeds is taken for the truth as long as it is not more than the younger one's by so many seconds, or by such a part of that.
    private static let guessedWithin = 1.0
    private static let guessedPart = 0.1

    /// The most and the least that ``age(of:at:)`` may be in truth, by the samples before and after; the most is nil where none is before.
    ///
    /// - Returns: nil where the age is 0 or nothing has been recorded.
    package func bounds(ofAgeOf position: LSN, at now: MonotonicTime) -> (least: Double, most: Double?)? {
        guard hasSample, let around = history.neighbours(of: position) else { return nil }
        return (max(now.seconds(since: around.after), 0), around.before.map { max(now.seconds(since: $0), 0) })
    }

    /// The answer of ``WALClock/age(of:at:)``.
    package struct Age: Sendable, Hashable {
        package let seconds: Double
        /// The position is older than all that is remembered: it was passed at least `seconds` ago.
        package let isLowerBound: Bool

        package init(seconds: Double, isLowerBound: Bool) {
            self.seconds = seconds
            self.isLowerBound = isLowerBound
        }
    }

    /// Bytes written per second over the last `window` seconds, as far as samples cover them: never negative.
    ///
    /// - Returns: nil when samples cover less than half of the window, because history starts too late or the last sample is too old.
    package func rate(over window: Double, at now: MonotonicTime) -> Double? {
        guard hasSample, window > 0, let oldest = history.oldest, let latest = history.latest else { return nil }
        let start = max(MonotonicTime(now.seconds - window), oldest.time)
        let covered = latest.time.seconds(since: start)
        guard covered >= window / 2 else { return nil }
        return max(history.bytesWritten(since: start), 0) / covered
    }

    /// Bytes written per second over the last `window` seconds, or over as much of them as is remembered, from ``leastCovered`` seconds on.
    ///
    /// - Returns: nil when less is remembered, or the last sample is older than half of the window.
    package func rate(overLast window: Double, at now: MonotonicTime) -> Double? {
        guard hasSample, window > 0, let oldest = history.oldest, let latest = history.latest else { return nil }
        let start = max(MonotonicTime(now.seconds - window), oldest.time)
        let covered = latest.time.seconds(since: start)
        guard covered >= Self.leastCovered, now.seconds(since: latest.time) <= window / 2 else { return nil }
        return max(history.bytesWritten(since: start), 0) / covered
    }

    /// Of less the rate is that of a moment.
    package static let leastCovered = 5.0

    /// The shortest time in which so many bytes were written within the last `window` seconds, as far as samples tell: not less than a second, which is as
    /// fine as they are. In the last third of the window it fades: what leaves it all at once would make whatever is told by it jump.
    ///
    /// - Returns: nil when so much was not written.
    package func shortestTime(toWrite bytes: Int64, withinLast window: Double, at now: MonotonicTime) -> Double? {
        guard bytes > 0, let firstSample = firstSample ?? history.oldest?.time, let latest = history.latest,
            now.seconds(since: latest.time) <= window / 2
        else { return nil }
        let oldest = now.seconds - window
        let start = max(MonotonicTime(oldest), firstSample)
        guard Double(bytes) <= history.bytesWritten(since: start) else { return nil }
        return history.shortestTime(toWrite: bytes, since: start) { min(($0 - oldest) * 3 / window, 1) }
    }

    /// The latest known end, and when it was last seen there.
    package var latest: (position: LSN, time: MonotonicTime)? {
        hasSample ? history.latest : nil
    }

    /// What this clock takes of memory.
    package var memoryBytes: Int {
        MemoryLayout<WALClock>.size + history.allocatedBytes + (systemIdentifier?.utf8.count ?? 0)
    }

    private mutating func forget(for systemIdentifier: String) {
        history.removeAll()
        timeline = nil
        hasSample = false
        firstSample = nil
        self.systemIdentifier = systemIdentifier
    }
}
