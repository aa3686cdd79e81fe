import ReplicationModel

extension WALClock {
    /// How much detail is kept of which age: each level has steps four times as long as the level before, and reaches four times as
    /// far back. With the defaults 1 s steps for 5 minutes, 4 s for 20 minutes, 16 s for 80 minutes, … and 4.6 hours for 57 days:
    /// beyond the first 5 minutes an age is wrong by 1/75 of itself at most.
    package struct Thinning: Sendable, Hashable {
        /// The step of the newest level, in seconds.
        package let finestStep: Double
        /// How far back the newest level reaches, in seconds.
        package let finestSpan: Double
        /// The number of levels.
        package let levels: Int
        /// The hard bound of memory, in points of 16 bytes. Samples at a steady interval need some two thirds of the default.
        package let maximumPoints: Int

        package init(finestStep: Double = 1, finestSpan: Double = 300, levels: Int = 8, maximumPoints: Int = 3072) {
            self.finestStep = max(finestStep, 0)
            self.finestSpan = max(finestSpan, 1)
            self.levels = max(levels, 1)
            self.maximumPoints = max(maximumPoints, 2 * Self.room)
        }

        /// Thinning comes once every so many new points: a pass over all points then costs each new point little.
        static let room = 256

        /// The greatest error of an age of `age` seconds.
        package func step(atAge age: Double) -> Double {
            var (step, span) = (finestStep, finestSpan)
            for _ in 1..<levels where age > span {
                step *= 4
                span *= 4
            }
            return step
        }

        /// History that is older is forgotten.
        package var horizon: Double {
            (1..<levels).reduce(finestSpan) { span, _ in span * 4 }
        }
    }
}

extension WALClock.Thinning {
    /// Drops points that are not needed to keep the promise of ``step(atAge:)``.
    ///
    /// A point may go when its neighbours are no more than a step apart: whatever was passed between the neighbours was passed at a time
    /// between theirs, with this point or without it. Errors do not add up from one thinning to the next, because the neighbours that
    /// remain are true samples. The ends of a plateau remain by the same rule, unless it is shorter than a step.
    func thin(_ points: inout [WALClockHistory.Point]) {
        guard let now = points.last?.time else { return }
        var kept = 0
        // From old to new, ages fall, and so do the steps.
        var step = step(atAge: .infinity)
        var newestAge = levels > 1 ? horizon / 4 : 0
        let forgotten = now - horizon
        points.withUnsafeMutableBufferPointer { points in
            for index in points.indices {
                let point = points[index]
                while step > finestStep, now - point.time <= newestAge {
                    step /= 4
                    newestAge /= 4
                }
                if kept >= 2, point.time - points[kept - 2].time <= step {
                    kept -= 1
                } else if kept == 1, point.time < forgotten {
                    // The last point beyond the horizon stays: history reaches from there to the next one.
                    kept = 0
                }
                points[kept] = point
                kept += 1
            }
        }
        // Only samples at the most awkward intervals come so far.
        let excess = max(kept - (maximumPoints - Self.room), 0)
        points.removeSubrange(kept...)
        points.removeFirst(excess)
    }
}
