/// Names that numbers tell apart: those of sessions and workers that come and go. With the number, each of them would start series that never
/// come back.
package enum PassingName {
    /// The name without the parts that are numbers: `pg_basebackup_20069` is `pg_basebackup`, `pg_16395_sync_16386_7711414404705161623` is
    /// `pg_sync`. A name that is nothing else stays as it is.
    package static func withoutNumbers(_ name: String) -> String {
        let bytes = Array(name.utf8)
        guard bytes.contains(where: isDigit) else { return name }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        // A part goes with what separates it from the one before.
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let text = bytes[start...].drop(while: isSeparator)
            let end = text.firstIndex(where: isSeparator) ?? bytes.endIndex
            let part = bytes[text.startIndex..<end]
            if part.isEmpty || !part.allSatisfy(isDigit) { kept += bytes[start..<end] }
            start = end
        }
        let rest = kept.drop(while: isSeparator)
        return rest.isEmpty ? name : String(decoding: rest, as: UTF8.self)
    }

    /// Whether PostgreSQL made the name up for a worker that does one thing and ends: two object ids with a word between them, as of a
    /// subscription and of the table that is copied for it (`pg_16395_sync_16386_7711414404705161623`; before 14 `orders_16395_sync_16386`).
    ///
    /// Its slot outlives a failure, so it is not a temporary one. Ids of what users create begin at 16384: a name that somebody chose, such as
    /// `pg_15_node_2`, has smaller numbers.
    package static func isOfWorker(_ name: String) -> Bool {
        let bytes = name.utf8
        guard bytes.count > 2 * 5, bytes.contains(where: isDigit) else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count > 2 else { return false }
        return parts.indices.dropFirst(2).contains { last in
            isObjectID(parts[last]) && isObjectID(parts[last - 2]) && !parts[last - 1].contains(where: isDigit) && !parts[last - 1].isEmpty
        }
    }

    private static func isObjectID(_ part: Substring.UTF8View) -> Bool {
        guard (5...10).contains(part.count), part.allSatisfy(isDigit), let number = UInt32(Substring(part)) else { return false }
        return number >= 16_384
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// What stands between the parts of a name: anything printable in ASCII that is no letter and no digit.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: " "): true
        default: false
        }
    }
}
