package import ReplicationModel

/// How fast a filesystem fills up.
///
/// The windows are wider than those for WAL: files come by whole segments and go at checkpoints, and what comes and goes within a
/// window hardly counts.
package struct GrowthTracker: Sendable {
    private let windows: (short: Double, long: Double)
    private var samples: [(used: Int64, time: Double)] = []

    /// - Parameters:
    ///   - shortWindow: seconds in which a burst shows.
    ///   - longWindow: seconds for which a pause does not reset what is known of the growth.
    package init(shortWindow: Double = 300, longWindow: Double = 1800) {
        windows = (shortWindow, longWindow)
    }

    /// Notes the bytes used on the filesystem. A sample that comes late, after a newer one, is ignored.
    package mutating func record(used: Int64, at time: MonotonicTime) {
        let time = time.seconds
        guard time.isFinite else { return }
        if let last = samples.last, time <= last.time {
            if time == last.time {
                samples[samples.count - 1].used = used
            }
            return
        }
        // Three samples in a row are never within one step, so that memory is bounded at any interval.
        if samples.count > 1, time - samples[samples.count - 2].time <= step {
            samples[samples.count - 1] = (used, time)
        } else {
            samples.append((used, time))
        }
        let needed = samples.lastIndex { $0.time <= time - windows.long } ?? 0
        samples.removeFirst(needed)
    }

    /// Bytes per second by which the used space grows: the higher of the two windows.
    ///
    /// - Returns: nil while it does not grow, and while samples cover less than half of either window.
    package func rate(at now: MonotonicTime) -> Double? {
        [windows.short, windows.long].compactMap { growth(over: $0, at: now.seconds) }.filter { $0 > 0 }.max()
    }

    /// What outlives the process: how much was used, and when by the wall clock.
    package func kept(at now: Moment) -> [[Double]] {
        samples.map { [Double($0.used), now.wall - (now.monotonic.seconds - $0.time)] }
    }

    /// Takes in what a former process knew; what is not of this form is left out.
    package mutating func restore(_ kept: [[Double]], at now: Moment) {
        for sample in kept.prefix(1000) where sample.count == 2 {
            guard let used = Int64(exactly: sample[0]) else { continue }
            record(used: used, at: MonotonicTime(now.monotonic.seconds - max(now.wall - sample[1], 0)))
        }
    }

    /// What this tracker takes of memory.
    package var memoryBytes: Int {
        MemoryLayout<GrowthTracker>.size + samples.capacity * MemoryLayout<(used: Int64, time: Double)>.stride
    }

    /// A tenth of the short window: fine enough for both.
    private var step: Double { windows.short / 10 }

    private func growth(over window: Double, at now: Double) -> Double? {
        guard window > 0, let first = samples.first, let last = samples.last else { return nil }
        let start = max(now - window, first.time)
        let covered = last.time - start
        guard covered >= window / 2 else { return nil }
        return (Double(last.used) - used(at: start)) / covered
    }

    private func used(at time: Double) -> Double {
        guard let next = samples.firstIndex(where: { $0.time > time }) else { return samples.last.map { Double($0.used) } ?? 0 }
        guard next > 0 else { return Double(samples[0].used) }
        let (lower, upper) = (samples[next - 1], samples[next])
        let part = (time - lower.time) / (upper.time - lower.time)
        return Double(lower.used) + part * (Double(upper.used) - Double(lower.used))
    }
}
