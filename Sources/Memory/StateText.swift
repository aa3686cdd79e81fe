import Judgement

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The form of the state file: lines of text, each with a checksum of its own.
///
///     pgwal_exporter state 1
///     5a1e0c77 {"head":{"at":1764532800.25,"isComplete":false,"eventCounts":{…}}}
///     0b6f3d12 {"system":{…}}
///     …
///     e7c1a930 {"end":{"lines":42}}
///
/// Lines, so that it is written and read one target at a time, however many there are, and so that a file of which a part is broken loses that part alone.
/// JSON, so that an administrator can read it, and a later version can add to it. What was proven stands first, for the end of a file is what gets lost.
enum StateText {
    static let magic = "pgwal_exporter state "
    /// Grows when a line changes its meaning; not when something is added.
    static let version = 1
    /// A longer line is none of ours.
    static let longestLine = 1 << 20

    struct Head: Codable {
        var at: Double
        var isComplete: Bool
        var eventCounts: [String: Int]
    }

    struct End: Codable {
        var lines: Int
    }

    /// One of these is there.
    struct Line: Codable {
        var head: Head?
        var system: FleetMemory.Kept.System?
        var reached: FleetMemory.Kept.Reached?
        var target: RememberedTarget?
        var event: Event?
        var end: End?
    }

    static func line(_ line: Line) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Of numbers that are none, there is nothing to keep.
        guard let json = try? encoder.encode(line), json.count < longestLine else { return nil }
        let checksum = String(Checksum.crc32(json), radix: 16)
        return Array((String(repeating: "0", count: 8 - checksum.count) + checksum + " ").utf8) + json + [UInt8(ascii: "\n")]
    }

    /// - Parameter bytes: without the line's end.
    static func line(of bytes: ArraySlice<UInt8>) -> Line? {
        guard bytes.count > 9, bytes[bytes.startIndex + 8] == UInt8(ascii: " "),
            let checksum = UInt32(String(decoding: bytes.prefix(8), as: UTF8.self), radix: 16)
        else { return nil }
        let json = bytes.dropFirst(9)
        guard Checksum.crc32(json) == checksum else { return nil }
        // Whole, and of another form: of a version that added what this one cannot know.
        return try? JSONDecoder().decode(Line.self, from: Data(json))
    }
}
