package import Postgres
package import ReplicationModel

/// What a column may hold, by what it means. A server that says anything else is not believed: neither its value nor a default in its place.
extension Row {
    // MARK: - Positions

    /// A position in the WAL, in bytes since 0/0.
    package mutating func position(_ name: StaticString) throws(DecodeError) -> LSN {
        LSN(try int64(name, in: Bounds.position))
    }

    /// A position, or nil for NULL.
    package mutating func optionalPosition(_ name: StaticString) throws(DecodeError) -> LSN? {
        try optionalInt64(name, in: Bounds.position).map(LSN.init)
    }

    /// A timeline; 0 where PostgreSQL has none to tell.
    package mutating func timeline(_ name: StaticString) throws(DecodeError) -> Int64 {
        try int64(name, in: Bounds.timeline)
    }

    /// A timeline, or nil for NULL.
    package mutating func optionalTimeline(_ name: StaticString) throws(DecodeError) -> Int64? {
        try optionalInt64(name, in: Bounds.timeline)
    }

    /// The first byte of a segment by the part of its name that follows the timeline; nil for NULL, and for a stray file whose name only looks
    /// like a segment's of this size.
    mutating func optionalSegment(_ name: StaticString, segmentBytes: Int64) throws(DecodeError) -> LSN? {
        guard let digits = try optionalText(name) else { return nil }
        let isHexadecimal = digits.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
        }
        guard digits.utf8.count == 16, isHexadecimal else { throw refusal(of: name, expected: "16 hexadecimal digits", found: digits) }
        // Any timeline will do: only the position is wanted.
        return WALSegmentName("00000001" + digits, segmentBytes: segmentBytes)?.start
    }

    /// Stretches of segments, parted by blanks: timeline, first and last position in hexadecimal digits, then their number in decimal ones. A stray
    /// file that no WAL of this segment size can have makes them unknown.
    mutating func stretches(_ name: StaticString, segmentBytes: Int64) throws(DecodeError) -> [SegmentStretch]? {
        guard let text = try optionalText(name) else { return [] }
        var stretches: [SegmentStretch] = []
        for part in text.split(separator: " ") {
            let (timeline, positions) = (part.prefix(8), part.dropFirst(8))
            guard part.utf8.count > 40, let segments = Int64(positions.dropFirst(32)), segments > 0 else {
                throw refusal(of: name, expected: "stretches of segments", found: text)
            }
            guard let first = WALSegmentName(String(timeline + positions.prefix(16)), segmentBytes: segmentBytes),
                let last = WALSegmentName(String(timeline + positions.dropFirst(16).prefix(16)), segmentBytes: segmentBytes)
            else { return nil }
            stretches.append(SegmentStretch(timeline: Int64(first.timeline), first: first.start, last: last.start, segments: segments))
        }
        return stretches
    }

    /// `wal_segment_size` as the setting is shown: a power of two from 1MB to 1GB.
    mutating func segmentBytes(_ name: StaticString) throws(DecodeError) -> Int64 {
        let shown = try text(name)
        let scale: Int64? = shown.hasSuffix("GB") ? 1 << 30 : shown.hasSuffix("MB") ? 1 << 20 : shown.hasSuffix("kB") ? 1 << 10 : nil
        guard let scale, let number = Int64(shown.dropLast(2)), (1...1 << 20).contains(number), WALSegmentSize.isPossible(number * scale) else {
            throw refusal(of: name, expected: "a power of two from 1MB to 1GB", found: shown)
        }
        return number * scale
    }

    /// `system_identifier`: a number of 64 bits without a sign, but no quantity.
    mutating func systemIdentifier(_ name: StaticString) throws(DecodeError) -> String {
        let digits = try text(name)
        let isNumber = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && UInt64(digits) != nil
        guard isNumber else { throw refusal(of: name, expected: "a system identifier", found: digits) }
        return digits
    }

    // MARK: - Amounts

    /// A number of things or bytes: never negative.
    package mutating func count(_ name: StaticString) throws(DecodeError) -> Int64 {
        try int64(name, in: Bounds.count)
    }

    /// A number of things or bytes, or nil for NULL.
    package mutating func optionalCount(_ name: StaticString) throws(DecodeError) -> Int64? {
        try optionalInt64(name, in: Bounds.count)
    }

    /// A sum that PostgreSQL keeps as numeric or float8: bytes, seconds.
    package mutating func sum(_ name: StaticString) throws(DecodeError) -> Double {
        try double(name, in: Bounds.sum)
    }

    /// A sum, or nil for NULL.
    package mutating func optionalSum(_ name: StaticString) throws(DecodeError) -> Double? {
        try optionalDouble(name, in: Bounds.sum)
    }

    /// `age()` of a transaction id, which PostgreSQL counts in 32 bits: negative for one that is still to come.
    package mutating func optionalTransactionAge(_ name: StaticString) throws(DecodeError) -> Int64? {
        try optionalInt64(name, in: Bounds.int4)
    }

    // MARK: - Times

    /// Unix time in seconds.
    package mutating func time(_ name: StaticString) throws(DecodeError) -> Double {
        try double(name, in: Bounds.time)
    }

    /// Unix time in seconds, or nil for NULL.
    package mutating func optionalTime(_ name: StaticString) throws(DecodeError) -> Double? {
        try optionalDouble(name, in: Bounds.time)
    }

    /// Seconds between two times, negative where the clocks differ or one was set back.
    package mutating func seconds(_ name: StaticString) throws(DecodeError) -> Double {
        try double(name, in: Bounds.seconds)
    }

    /// Seconds, or nil for NULL.
    package mutating func optionalSeconds(_ name: StaticString) throws(DecodeError) -> Double? {
        try optionalDouble(name, in: Bounds.seconds)
    }

    /// Seconds that something took, or nil for NULL: never negative.
    package mutating func optionalDuration(_ name: StaticString) throws(DecodeError) -> Double? {
        try optionalDouble(name, in: 0...Bounds.seconds.upperBound)
    }

    // MARK: - Texts

    /// What a thing is called, also an address. PostgreSQL's own names have 63 bytes at most.
    package mutating func name(_ name: StaticString) throws(DecodeError) -> String {
        try text(name, limit: Bounds.name)
    }

    /// A name, or nil for NULL.
    package mutating func optionalName(_ name: StaticString) throws(DecodeError) -> String? {
        try optionalText(name, limit: Bounds.name)
    }
}

/// The bounds of what is believed.
enum Bounds {
    static let position: ClosedRange<Int64> = 0...Int64.max
    static let count: ClosedRange<Int64> = 0...Int64.max
    static let timeline: ClosedRange<Int64> = 0...Int64(UInt32.max)
    static let int4 = Int64(Int32.min)...Int64(Int32.max)
    static let port: ClosedRange<Int64> = 0...Int64(UInt16.max)
    /// More than 2^80 of anything has not happened anywhere.
    static let sum: ClosedRange<Double> = 0...0x1p80
    /// The years 1 to 9999.
    static let time: ClosedRange<Double> = -62_135_596_800...253_402_300_799
    /// As much as there is between two such times.
    static let seconds: ClosedRange<Double> = -315_537_897_599...315_537_897_599
    /// Bytes of a name: what becomes a label is repeated in dozens of series.
    static let name = 1024
    /// Bytes of a setting, or of a list of hosts.
    static let setting = 65_536
}
