/// Segments of one timeline in pg_wal, or in its archive_status: from where to where, and how many there are.
package struct SegmentStretch: Sendable, Hashable {
    /// nil where the timelines are not told apart.
    package var timeline: Int64?
    /// First byte of the oldest segment.
    package var first: LSN
    /// First byte of the newest segment.
    package var last: LSN
    package var segments: Int64

    package init(timeline: Int64? = nil, first: LSN, last: LSN, segments: Int64) {
        self.timeline = timeline
        self.first = first
        self.last = last
        self.segments = segments
    }

    /// How many of its segments have a number in a range. Exact where none is missing between the first and the last.
    func count(in range: Range<Int64>, segmentBytes: Int64) -> (atLeast: Int64, atMost: Int64) {
        guard let first = first.bytes.divided(by: segmentBytes), let last = last.bytes.divided(by: segmentBytes), first <= last else { return (0, 0) }
        let places = last -| first +| 1
        let inside = max(min(range.upperBound, last +| 1) -| max(range.lowerBound, first), 0)
        return (max(segments -| (places -| inside), 0), min(segments, inside))
    }
}
