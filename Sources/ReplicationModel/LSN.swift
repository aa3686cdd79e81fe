/// A position in the write-ahead log: bytes since 0/0 (PostgreSQL's `pg_lsn`).
///
/// SQL hands positions over as numbers, `pg_wal_lsn_diff(lsn, '0/0')`, and never as text: the text form differs between versions.
package struct LSN: Sendable, Hashable, Comparable, Codable {
    /// Bytes since 0/0.
    package let bytes: Int64

    package init(_ bytes: Int64) {
        self.bytes = bytes
    }

    package static func < (left: LSN, right: LSN) -> Bool {
        left.bytes < right.bytes
    }

    /// Bytes from `earlier` to this position; negative when `earlier` is in truth ahead.
    package func distance(from earlier: LSN) -> Int64 {
        bytes -| earlier.bytes
    }

    /// The position so many bytes further.
    package func advanced(by distance: Int64) -> LSN {
        LSN(bytes +| distance)
    }

    /// Bytes from `earlier` to this position, at least 0: a view's row and the server's current position are read microseconds
    /// apart, so a position can seem to be a little ahead of the end.
    package func lag(of earlier: LSN) -> Int64 {
        max(distance(from: earlier), 0)
    }
}

extension LSN {
    package init(from decoder: any Decoder) throws {
        bytes = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}

extension LSN: CustomStringConvertible {
    /// As psql prints it, `16/B374D848`.
    package var description: String {
        let high = String(UInt64(bitPattern: bytes) >> 32, radix: 16, uppercase: true)
        let low = String(UInt64(bitPattern: bytes) & 0xFFFF_FFFF, radix: 16, uppercase: true)
        return "\(high)/\(low)"
    }
}
