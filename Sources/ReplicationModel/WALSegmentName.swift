/// The name of a WAL segment file, `000000010000000000000002`: timeline, then the position in units of segments.
///
/// Other files of pg_wal and of the archiver (`.history`, `.backup`, `.partial`) are no segments.
package struct WALSegmentName: Sendable, Hashable {
    package let timeline: UInt32
    /// Position of the segment's first byte.
    package let start: LSN

    /// - Parameter segmentBytes: `wal_segment_size`.
    /// - Returns: nil when `name` is not 24 upper-case hexadecimal digits, or names a segment that no WAL of this segment size has.
    package init?(_ name: String, segmentBytes: Int64) {
        let digits = Array(name.utf8)
        guard digits.count == 24,
            let timeline = Self.number(digits[0..<8]),
            let log = Self.number(digits[8..<16]), log < Int32.max,
            let segment = Self.number(digits[16..<24]), Int64(segment) < WALSegmentSize.segmentsPerLog(of: segmentBytes)
        else { return nil }
        self.timeline = timeline
        self.start = LSN(Int64(log) << 32).advanced(by: Int64(segment) *| segmentBytes)
    }

    /// The least timeline that a primary wrote when it archived that file, itself: that of the name, and after the last, `.partial` one of a timeline the next.
    ///
    /// - Returns: nil when it is no name of a file that is archived.
    package static func writtenTimeline(archived name: String) -> Int64? {
        let (digits, suffix) = (Array(name.utf8.prefix { $0 != UInt8(ascii: ".") }), name.drop { $0 != "." })
        guard digits.count == (suffix == ".history" ? 8 : 24), let timeline = number(digits[0..<8]) else { return nil }
        return Int64(timeline) + (suffix == ".partial" ? 1 : 0)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}
