/// `wal_segment_size`: what initdb and pg_resetwal allow, and arithmetic with it.
package enum WALSegmentSize {
    /// In bytes.
    package static let range: ClosedRange<Int64> = 1 << 20...1 << 30

    /// A power of two from 1 MiB to 1 GiB.
    package static func isPossible(_ bytes: Int64) -> Bool {
        range.contains(bytes) && bytes & (bytes -| 1) == 0
    }

    /// How many segments make up one "log" of 4 GiB, the middle part of a segment's name; 0 for a size that is not possible.
    package static func segmentsPerLog(of bytes: Int64) -> Int64 {
        isPossible(bytes) ? (Int64(1) << 32).divided(by: bytes) ?? 0 : 0
    }
}
