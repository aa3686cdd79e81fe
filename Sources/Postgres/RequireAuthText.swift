/// Takes `require_auth` out of a connection string for a libpq that does not know it, and would refuse the whole.
///
/// Pure. It reads connection strings as libpq does; what is not well-formed stays as it is, for libpq to complain of.
struct RequireAuthText: Equatable {
    private static let keyword = "require_auth"

    /// The connection string without it.
    let rest: String
    /// What was given; of several the last one, as for libpq. nil when there was none.
    let value: String?

    init(_ conninfo: String) {
        let isURI = ["postgresql://", "postgres://"].contains { conninfo.hasPrefix($0) }
        (rest, value) = isURI ? Self.uri(conninfo) : Self.pairs(conninfo)
    }

    // MARK: - Keywords and values

    private static func pairs(_ conninfo: String) -> (String, String?) {
        let bytes = Array(conninfo.utf8)
        var rest: [UInt8] = []
        var found: String?
        var position = 0
        func skipSpaces() {
            while position < bytes.count, isSpace(bytes[position]) { position += 1 }
        }
        while position < bytes.count {
            let beginning = position
            skipSpaces()
            let name = bytes[position...].prefix { $0 != UInt8(ascii: "=") && !isSpace($0) }
            position += name.count
            skipSpaces()
            guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
                rest += bytes[beginning...]
                break
            }
            position += 1
            skipSpaces()
            guard let value = value(bytes, &position) else { return (conninfo, nil) }
            if name.elementsEqual(keyword.utf8) {
                found = String(decoding: value, as: UTF8.self)
            } else {
                rest += bytes[beginning..<position]
            }
        }
        return found == nil ? (conninfo, nil) : (String(decoding: rest, as: UTF8.self), found)
    }

    /// Reads a value, quoted or not; nil when its quote has no end.
    private static func value(_ bytes: [UInt8], _ position: inout Int) -> [UInt8]? {
        let quote = UInt8(ascii: "'")
        let isQuoted = position < bytes.count && bytes[position] == quote
        if isQuoted { position += 1 }
        var value: [UInt8] = []
        while position < bytes.count {
            var byte = bytes[position]
            if isQuoted ? byte == quote : isSpace(byte) { break }
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                position += 1
                byte = bytes[position]
            }
            value.append(byte)
            position += 1
        }
        guard isQuoted else { return value }
        guard position < bytes.count else { return nil }
        position += 1
        return value
    }

    /// As C's `isspace` has it.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    // MARK: - URIs

    private static func uri(_ conninfo: String) -> (String, String?) {
        guard let scheme = conninfo.firstRange(of: "://") else { return (conninfo, nil) }
        // A user and a password may have a question mark in them.
        let authority = conninfo[scheme.upperBound...].prefix { $0 != "@" && $0 != "/" }
        let begin = authority.endIndex < conninfo.endIndex && conninfo[authority.endIndex] == "@" ? authority.endIndex : scheme.upperBound
        guard let mark = conninfo[begin...].firstIndex(of: "?") else { return (conninfo, nil) }
        var kept: [Substring] = []
        var found: String?
        for part in conninfo[conninfo.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false) {
            if part.hasPrefix(keyword + "=") {
                guard let value = decoded(part.dropFirst(keyword.count + 1)) else { return (conninfo, nil) }
                found = value
            } else {
                kept.append(part)
            }
        }
        guard found != nil else { return (conninfo, nil) }
        return (conninfo[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")), found)
    }

    /// nil when a percent sign is not followed by two digits.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
