/// A connection string taken apart by libpq's own rules, before libpq sees it: what libpq says of a malformed one quotes it.
///
/// A URI is read more strictly where what libpq makes of it is hardly meant: blanks and control characters in it, which its versions take
/// differently, an unencoded `@` behind the authority, and `/` or `?` in brackets, where no address has any.
struct ConnectionStringSyntax {
    /// A key and what it is given.
    struct Assignment: Equatable {
        /// The key as libpq knows it.
        var keyword: String
        /// With quotes, backslashes and percent-encoding resolved; never a NUL.
        var value: [UInt8]
        /// Where the key, or that which stands for it in a URI, begins: in characters, from 1.
        var position: Int
        /// The bytes without which the text says the same, but for this; empty for those that no key stands before.
        var range = 0..<0

        var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// Why a text is no connection string: a place in it, and no piece of it.
    struct Mistake: Error, Equatable {
        var message: String
    }

    /// In the order of the text; of a key that is given twice, the last one counts.
    let assignments: [Assignment]
    private let bytes: [UInt8]

    init(_ conninfo: String) throws(Mistake) {
        let bytes = Array(conninfo.utf8)
        self.bytes = bytes
        if let place = bytes.firstIndex(of: 0) { throw Mistake(message: "the character NUL \(ConnectionText(bytes).place(place))") }
        let prefix = ["postgresql://", "postgres://"].first { bytes.starts(with: $0.utf8) }
        let given =
            if let prefix {
                try ConnectionURISyntax.assignments(in: bytes, after: prefix.utf8.count)
            } else {
                try KeywordValueSyntax.assignments(in: bytes)
            }
        assignments = given.map(Self.withoutOldNames)
    }

    /// The text without a key and its values.
    func text(without keyword: String) -> String {
        var rest = bytes
        for assignment in assignments.reversed() where assignment.keyword == keyword { rest.removeSubrange(assignment.range) }
        return String(decoding: rest, as: UTF8.self)
    }

    /// What libpq takes for the sake of old clients.
    private static func withoutOldNames(_ given: Assignment) -> Assignment {
        guard given.keyword == "requiressl" else { return given }
        let mode = given.value.first == UInt8(ascii: "1") ? "require" : "prefer"
        return Assignment(keyword: "sslmode", value: Array(mode.utf8), position: given.position, range: given.range)
    }
}

/// The bytes of a connection string, and how a place in them is called.
struct ConnectionText {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `at character 8`.
    func place(_ offset: Int) -> String { "at character \(position(offset))" }

    /// The character of a byte, from 1, as people count them.
    func position(_ offset: Int) -> Int { String(decoding: bytes[..<offset], as: UTF8.self).count + 1 }

    /// What C's `isspace` takes for a blank.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// `key = value` and `key='a value'`, separated by blanks.
private enum KeywordValueSyntax {
    typealias Mistake = ConnectionStringSyntax.Mistake

    static func assignments(in bytes: [UInt8]) throws(Mistake) -> [ConnectionStringSyntax.Assignment] {
        let text = ConnectionText(bytes)
        var assignments: [ConnectionStringSyntax.Assignment] = []
        var next = 0
        func skipBlanks() { while next < bytes.count, ConnectionText.isBlank(bytes[next]) { next += 1 } }
        while true {
            skipBlanks()
            guard next < bytes.count else { return assignments }
            let start = next
            while next < bytes.count, bytes[next] != UInt8(ascii: "="), !ConnectionText.isBlank(bytes[next]) { next += 1 }
            let keyword = String(decoding: bytes[start..<next], as: UTF8.self)
            skipBlanks()
            guard next < bytes.count, bytes[next] == UInt8(ascii: "=") else {
                throw Mistake(message: "what begins \(text.place(start)) is followed by no '='; a value with blanks must be in single quotes")
            }
            next += 1
            skipBlanks()
            let isQuoted = next < bytes.count && bytes[next] == UInt8(ascii: "'")
            let quote = next
            if isQuoted { next += 1 }
            var value: [UInt8] = []
            var isClosed = !isQuoted
            while next < bytes.count {
                let byte = bytes[next]
                if isQuoted ? byte == UInt8(ascii: "'") : ConnectionText.isBlank(byte) {
                    next += 1
                    isClosed = true
                    break
                }
                if byte == UInt8(ascii: "\\") {
                    next += 1
                    if next < bytes.count { value.append(bytes[next]) }
                } else {
                    value.append(byte)
                }
                next += 1
            }
            guard isClosed else { throw Mistake(message: "the quote \(text.place(quote)) is not closed") }
            assignments.append(.init(keyword: keyword, value: value, position: text.position(start), range: start..<next))
        }
    }
}
