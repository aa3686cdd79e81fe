import Checks
import ReplicationModel

/// Names of WAL segments, and positions. The first line is a name (of a segment or of another file of pg_wal), the second a size of a segment,
/// the third and fourth are positions.
@Sendable func fuzzWALNames(_ input: Input) {
    let lines = input.lines + ["", "", "", ""]
    let segmentBytes = Int64(lines[1]) ?? 16 << 20
    // The sizes that a server can have; of others a name may be refused or not, but must not end the process.
    let isPossible = segmentBytes > 0 && segmentBytes <= 1 << 30 && segmentBytes & (segmentBytes - 1) == 0
    if let segment = WALSegmentName(lines[0], segmentBytes: segmentBytes), isPossible {
        hold(segment.start.bytes >= 0, "\(segment) begins behind 0/0")
        hold(segment.start.bytes % segmentBytes == 0, "\(segment) begins within another one")
        hold(name(of: segment, segmentBytes) == lines[0], "\(segment) is called \(name(of: segment, segmentBytes))")
    }
    let archiver = Archiver(archived: 1, failed: 0, lastArchivedFile: lines[0], lastArchived: 1, lastFailed: nil, lacksCommand: false)
    guard let one = Int64(lines[2]), let other = Int64(lines[3]) else { return }
    check(one, other)
    if let lag = archiver.lagBytes(current: LSN(one), segmentBytes: segmentBytes) { hold(lag >= 0, "an archiver is ahead of the WAL") }
}

/// Whatever two positions are, arithmetic on them is right as far as 64 bits go, and never ends the process.
private func check(_ one: Int64, _ other: Int64) {
    let distance = LSN(one).distance(from: LSN(other))
    hold(distance == Int64(clamping: Int128(one) - Int128(other)), "\(one) - \(other) is not \(distance)")
    hold(LSN(one).lag(of: LSN(other)) == max(distance, 0), "a lag is a distance that is not negative")
    hold((LSN(one) < LSN(other)) == (one < other), "positions are in the order of their numbers")
    let halves = LSN(one).description.split(separator: "/").map { UInt64($0, radix: 16) }
    hold(halves.count == 2 && halves[0]! << 32 | halves[1]! == UInt64(bitPattern: one), "\(LSN(one)) is not \(one)")
}

/// As PostgreSQL's `XLogFileName()` writes it.
private func name(of segment: WALSegmentName, _ segmentBytes: Int64) -> String {
    let perLog = (Int64(1) << 32) / segmentBytes
    let number = segment.start.bytes / segmentBytes
    return [Int64(segment.timeline), number / perLog, number % perLog].map { part in
        let digits = String(part, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
}
