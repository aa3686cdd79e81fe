package import ReplicationModel

extension WALClock {
    /// What of a clock outlives the process: the same history in steps of ten seconds or more, by the wall clock.
    package struct Kept: Sendable, Hashable, Codable {
        package var systemIdentifier: String
        package var timeline: Int64?
        /// Positions in bytes, each as the distance from the one before it: ``NumberText``.
        package var positions: String
        /// Unix time in milliseconds, likewise.
        package var times: String

        package init(systemIdentifier: String, timeline: Int64?, positions: String, times: String) {
            self.systemIdentifier = systemIdentifier
            self.timeline = timeline
            self.positions = positions
            self.times = times
        }
    }

    /// The finest step that is kept, in seconds.
    package static let keptStep = 10.0

    /// - Parameter now: by both clocks.
    /// - Returns: nil while nothing is known.
    package func kept(at now: Moment) -> Kept? {
        guard let systemIdentifier, latest != nil else { return nil }
        var points = history.points
        Thinning(finestStep: Self.keptStep, finestSpan: 1e9, levels: 1).thin(&points)
        var before: (position: Int64, time: Int64) = (0, 0)
        var positions: [Int64] = []
        var times: [Int64] = []
        for point in points {
            let wall = now.wall - (now.monotonic.seconds - point.time)
            guard let time = Int64(exactly: (wall * 1000).rounded()) else { continue }
            positions.append(point.position.bytes -| before.position)
            times.append(time -| before.time)
            before = (point.position.bytes, time)
        }
        return Kept(
            systemIdentifier: systemIdentifier,
            timeline: timeline,
            positions: NumberText.text(of: positions),
            times: NumberText.text(of: times)
        )
    }

    /// The clock as it was. Where the WAL ends now is told by the first sample; what was kept above it, or of another system, it makes forgotten.
    /// - Parameter now: by both clocks, the wall clock's not before what was kept.
    /// - Returns: nil when it is not of this form.
    package init?(_ kept: Kept, at now: Moment) {
        guard let positions = NumberText.numbers(in: kept.positions), let times = NumberText.numbers(in: kept.times),
            positions.count == times.count, !positions.isEmpty, positions.count <= Thinning().maximumPoints
        else { return nil }
        self.init()
        var last: (position: Int64, time: Int64) = (0, 0)
        var points: [WALClockHistory.Point] = []
        for (index, (position, time)) in zip(positions, times).enumerated() {
            // What never falls in a clock must not in one that is read.
            guard index == 0 || position >= 0 && time >= 0 else { return nil }
            last = (last.position +| position, last.time +| time)
            let seconds = now.monotonic.seconds - max(now.wall - Double(last.time) / 1000, 0)
            points.append(.init(position: LSN(last.position), time: seconds))
        }
        history.points = points
        systemIdentifier = kept.systemIdentifier
        timeline = kept.timeline
    }
}
