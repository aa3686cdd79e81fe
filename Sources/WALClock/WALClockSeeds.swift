import ReplicationModel

extension WALClockHistory {
    /// The most points that can be kept so that no time falls as the position rises: the fewest that lie are dropped, be it one from
    /// the future (a file that something touched) or one from the past (a recycled segment that was taken for a finished one).
    /// Two segments of one position, of the timelines before and after a failover, come to a plateau.
    static func longestOrderedPart(of points: [Point]) -> [Point] {
        let points = points.sorted { ($0.position, $0.time) < ($1.position, $1.time) }
        // Patience sorting: tails[length - 1] is where the ordered part of that length with the earliest last time ends.
        var tails: [Int] = []
        var previous = [Int?](repeating: nil, count: points.count)
        for (index, point) in points.enumerated() {
            var (low, high) = (0, tails.count)
            while low < high {
                let middle = low + (high - low) / 2
                if points[tails[middle]].time > point.time {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            previous[index] = low > 0 ? tails[low - 1] : nil
            if low == tails.count {
                tails.append(index)
            } else {
                tails[low] = index
            }
        }
        var part: [Point] = []
        var next = tails.last
        while let index = next {
            part.append(points[index])
            next = previous[index]
        }
        return part.reversed()
    }
}
