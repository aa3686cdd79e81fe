/// `postgresql://user:password@host:port,host:port/dbname?key=value&key=value`.
enum ConnectionURISyntax {
    typealias Assignment = ConnectionStringSyntax.Assignment
    typealias Mistake = ConnectionStringSyntax.Mistake

    /// - Parameter start: where the scheme ends.
    static func assignments(in bytes: [UInt8], after start: Int) throws(Mistake) -> [Assignment] {
        let text = ConnectionText(bytes)
        if let place = bytes.firstIndex(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw Mistake(message: "a blank or control character \(text.place(place)); in a URI it must be percent-encoded, a blank as %20")
        }
        let path = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
        let at = bytes[start..<path].firstIndex(of: UInt8(ascii: "@"))
        var assignments: [Assignment] = []
        func add(_ keyword: String, _ value: ArraySlice<UInt8>) throws(Mistake) {
            guard !value.isEmpty else { return }
            assignments.append(Assignment(keyword: keyword, value: try decoded(value, of: text), position: text.position(value.startIndex)))
        }
        if let at {
            let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
            try add("user", bytes[start..<(colon ?? at)])
            if let colon { try add("password", bytes[(colon + 1)..<at]) }
        }
        let authority = at.map { $0 + 1 } ?? start
        let query = bytes[authority...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        // Behind the authority it is the rest of a password with an unencoded / or @, of which a part is now the host, the port or the database.
        guard !bytes[authority..<query].contains(UInt8(ascii: "@")) else { throw misplaced }
        let end = bytes[authority..<query].firstIndex(of: UInt8(ascii: "/")) ?? query
        try addHosts(bytes[authority..<end], of: text, to: &assignments)
        if end < query { try add("dbname", bytes[(end + 1)..<query]) }
        if query < bytes.count { assignments += try parameters(bytes[(query + 1)...], of: text) }
        return assignments
    }

    static let misplaced = Mistake(message: "in a URI, the characters / @ : of a user or a password must be percent-encoded")

    /// Hosts with their ports. Both are decoded as the lists that they make.
    private static func addHosts(_ list: ArraySlice<UInt8>, of text: ConnectionText, to assignments: inout [Assignment]) throws(Mistake) {
        var hosts: [[UInt8]] = []
        var ports: [[UInt8]] = []
        for element in elements(of: list) {
            var rest = element
            if element.first == UInt8(ascii: "[") {
                guard let bracket = element.firstIndex(of: UInt8(ascii: "]")) else {
                    throw Mistake(message: "the bracket \(text.place(element.startIndex)) is not closed")
                }
                hosts.append(Array(element[(element.startIndex + 1)..<bracket]))
                guard hosts.last?.isEmpty == false else { throw Mistake(message: "no address in the brackets \(text.place(element.startIndex))") }
                rest = element[(bracket + 1)...]
                guard rest.isEmpty || rest.first == UInt8(ascii: ":") else {
                    throw Mistake(message: "only a port may follow the IPv6 address \(text.place(element.startIndex))")
                }
            } else {
                rest = element[(element.firstIndex(of: UInt8(ascii: ":")) ?? element.endIndex)...]
                hosts.append(Array(element[..<rest.startIndex]))
            }
            ports.append(Array(rest.dropFirst()))
        }
        for (keyword, values) in [("host", hosts), ("port", ports)] {
            let joined = Array(values.joined(separator: [UInt8(ascii: ",")]))
            guard !joined.isEmpty else { continue }
            let value = try decoded(joined[...], of: text, at: list.startIndex)
            assignments.append(Assignment(keyword: keyword, value: value, position: text.position(list.startIndex)))
        }
    }

    /// Separated by commas, but for those between brackets.
    private static func elements(of list: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var elements: [ArraySlice<UInt8>] = []
        var start = list.startIndex
        while true {
            let bracket = start < list.endIndex && list[start] == UInt8(ascii: "[") ? list[start...].firstIndex(of: UInt8(ascii: "]")) : nil
            guard let comma = list[(bracket ?? start)...].firstIndex(of: UInt8(ascii: ",")) else { return elements + [list[start...]] }
            elements.append(list[start..<comma])
            start = comma + 1
        }
    }

    private static func parameters(_ query: ArraySlice<UInt8>, of text: ConnectionText) throws(Mistake) -> [Assignment] {
        var assignments: [Assignment] = []
        var pairs = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        // Nothing has to follow a question mark or an ampersand.
        if pairs.last?.isEmpty == true { pairs.removeLast() }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                let what = parts.count < 2 ? "has no '='" : "has more than one '='; write %3D for those in a value"
                throw Mistake(message: "the parameter \(text.place(pair.startIndex)) \(what)")
            }
            var keyword = String(decoding: try decoded(parts[0], of: text), as: UTF8.self)
            var value = try decoded(parts[1], of: text)
            // As JDBC has it.
            if keyword == "ssl", value.elementsEqual("true".utf8) { (keyword, value) = ("sslmode", Array("require".utf8)) }
            let range = pair.startIndex..<min(pair.endIndex + 1, query.endIndex)
            assignments.append(Assignment(keyword: keyword, value: value, position: text.position(pair.startIndex), range: range))
        }
        return assignments
    }

    /// - Parameter place: where the bytes are in the text, when they are a copy.
    private static func decoded(_ bytes: ArraySlice<UInt8>, of text: ConnectionText, at place: Int? = nil) throws(Mistake) -> [UInt8] {
        var result: [UInt8] = []
        var next = bytes.startIndex
        while next < bytes.endIndex {
            guard bytes[next] == UInt8(ascii: "%") else {
                result.append(bytes[next])
                next += 1
                continue
            }
            let digits = bytes[(next + 1)...].prefix(2).compactMap(Self.digit)
            guard digits.count == 2 else {
                let what = "a % \(text.place(place ?? next)) is not followed by two hexadecimal digits"
                throw Mistake(message: "\(what); write %25 for the character itself")
            }
            let byte = digits[0] << 4 | digits[1]
            guard byte != 0 else { throw Mistake(message: "the character NUL (%00) \(text.place(place ?? next))") }
            result.append(byte)
            next += 3
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
